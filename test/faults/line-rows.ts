import { randomInt } from 'node:crypto';
import { connect } from 'node:http2';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { openCentral, type Central } from '../../central/central.ts';
import { readDirectory } from '../../central/directory.ts';
import { selfSigned, createAuthority } from '../sim/pki/authority.ts';
import { faultCertificates, openFaultyCentral } from '../sim/central/faulty-central.ts';
import { layField, ship } from '../uplink/field.ts';
import { crossingRecord } from '../uplink/records.ts';
import { Accounting } from './accounting.ts';
import { withDisk } from './disk.ts';
import { drain, layOut, live } from './kill.ts';
import { planted } from './planted.ts';
import { startCentral, startKiosk } from './processes.ts';
import { badCable } from './proxy.ts';
import { findingOf, type Finding, type Row } from './row.ts';

const day = 86_400;

/** A kiosk behind a bad cable, which is torn out again and again. */
async function badLine(breaks: number, seed: number, environment = {}): Promise<Finding> {
  const field = await layOut();
  const central = await startCentral(field.pki.central);
  const cable = await badCable(() => central.port, seed);
  const workplace = { folder: field.folder, credentials: field.credentials, url: cable.url };
  const accounting = new Accounting();
  const kiosk = startKiosk(workplace, 'work', environment);
  await kiosk.go(accounting.hear);
  for (let i = 0; i < breaks; i++) {
    await setTimeout(randomInt(400));
    cable.breakAll();
  }
  kiosk.child.kill('SIGKILL');
  await kiosk.ended;
  cable.mend();
  await drain(workplace);
  await central.kill();
  const account = await accounting.settle(field.pki.central);
  cable.close();
  field.remove();
  const connections = Object.values(cable.fates).reduce((sum, count) => sum + count, 0);
  return findingOf({ connections, good: cable.fates.good, ...account }, ['lost', 'doubled', 'disordered']);
}

/** Kiosks one after another, each with its clock days off. */
async function jumpingClock(lives: number, environment = {}): Promise<Finding> {
  const field = await layOut();
  const central = await startCentral(field.pki.central);
  const accounting = new Accounting();
  // What is stored in the first lives meets a later clock before it is shipped.
  const nowhere = { folder: field.folder, credentials: field.credentials, url: 'https://127.0.0.1:9' };
  for (let i = 0; i < lives; i++) {
    const clockOffsetSeconds = (i % 2 ? 1 : -1) * randomInt(1, 9) * day;
    await live(
      startKiosk(nowhere, 'work', { ...withDisk('/nowhere', { clockOffsetSeconds }), ...environment }),
      accounting,
      10,
    );
  }
  const workplace = { ...nowhere, url: central.url };
  const kiosk = startKiosk(workplace, 'drain', {
    ...withDisk('/nowhere', { clockOffsetSeconds: 20 * day }),
    ...environment,
  });
  await kiosk.go(() => {});
  const { code } = await kiosk.ended;
  await central.kill();
  const account = await accounting.settle(field.pki.central);
  field.remove();
  return findingOf({ lives, unfinished: Number(code !== 0), ...account }, [
    'lost',
    'doubled',
    'disordered',
    'unfinished',
  ]);
}

/** Every certificate that must not count, at either end: nothing is delivered, nothing deleted. */
async function badCertificates(): Promise<Finding> {
  const dayMs = day * 1000;
  const subject = { name: 'gate-1', unit: 'kiosk' };
  const between = (from: number, to: number) => ({
    notBefore: new Date(Date.now() + from * dayMs),
    notAfter: new Date(Date.now() + to * dayMs),
  });
  await using field = await layField();
  await field.keep(crossingRecord('gate-1'));
  const { tls } = field.credentials;
  const { authority } = field.pki;
  const ours = [
    await authority.issue({ ...subject, ...between(-2, -1) }),
    await authority.issue({ ...subject, ...between(1, 2) }),
    await (await createAuthority()).issue(subject),
    await selfSigned(subject),
    await authority.issue({ ...subject, name: 'gate-2' }),
    await authority.issue({ ...subject, unit: 'operator' }),
  ];
  let [tried, deleted, delivered] = [0, 0, 0];
  const attempt = async (mine: typeof tls, at: Pick<Central, 'url' | 'records'>) => {
    let failures = 0;
    const { uplink, until } = ship(field, { url: at.url, random: () => 0, tls: mine });
    await until(() => ++failures > 2);
    await uplink.stop();
    tried++;
    deleted += 1 - field.store.outbox.stats().ready;
    delivered += (await at.records()).length;
  };
  // What the authority has taken back, at either end.
  const directory = readDirectory(field.pki.central);
  const revoked = await authority.issue(subject);
  const strict = await openCentral({ ...directory, crl: await authority.crl([revoked]) });
  await attempt({ ...tls, ...revoked }, strict);
  await attempt({ ...tls, crl: await authority.crl([directory]) }, strict);
  await strict.close();

  await faultCertificates(field.pki.central, field.pki.authority);
  const central = await openFaultyCentral(field.pki.central);
  const faulty = { url: central.url, records: () => central.central!.records() };
  for (const identity of ours) await attempt({ ...tls, ...identity }, faulty);
  for (const certificate of ['expired', 'not-yet-valid', 'foreign'] as const) {
    await central.set({ certificate });
    await attempt(tls, faulty);
  }
  await central.set({ answer: 'cut' });
  await attempt(tls, faulty);
  // Cut after it was stored: it is at central, and still here.
  delivered -= 1;
  await central.set({});
  const { uplink, until } = ship(field, { url: central.url });
  await until(() => field.store.outbox.stats().delivered === 1);
  const arrived = (await central.central!.records()).length;
  await uplink.stop();
  await central.close();
  return findingOf({ tried, deleted, delivered, missing: 1 - arrived }, ['deleted', 'delivered', 'missing']);
}

/** The trap: over HTTP/2 the stream of a refused certificate ends without an answer and without an error. */
async function takesTheEnd(): Promise<Finding> {
  await using field = await layField();
  const central = await openFaultyCentral(field.pki.central);
  await field.keep(crossingRecord('gate-1'));
  const { outbox } = field.store;
  const { ca } = field.credentials.tls;
  const { cert, key } = await selfSigned({ name: 'gate-1', unit: 'kiosk' });
  const session = connect(central.url, { ca, cert, key });
  session.on('error', () => {});
  const rows = outbox.next({ maxRows: 32, maxBytes: 1024 * 1024 });
  const request = session.request({ ':method': 'POST', ':path': '/v1/packets' });
  request.on('error', () => {});
  request.resume().end('batch');
  await Promise.race([once(request, 'end'), once(request, 'close')]);
  outbox.acknowledge(rows.map(({ packet }) => packet.id));
  const lost = 1 - outbox.stats().ready - (await central.central!.records()).length;
  session.destroy();
  await central.close();
  return findingOf({ lost }, ['lost']);
}

/** Rows of what befalls line, clock and certificates. */
export const lines: readonly Row[] = [
  {
    number: 8,
    fault: 'refused, broken, silent, garbled, slow and torn-out lines',
    promise: 'all arrives once and in order of its lane when the line is good again',
    injection: 'a TCP proxy whose connections have fates drawn from a seed (requests: the simulation)',
    control: 'an uplink that deletes what it sent',
    prove: (length) => badLine(length === 'short' ? 6 : 400, 1),
    disprove: () => badLine(6, 1, planted('deletes what was sent, receipt or not')),
  },
  {
    number: 9,
    fault: 'the clock jumps by days, both ways',
    promise: 'nothing expires, no id or order changes',
    injection: 'the clock of the process is up to nine days off, another way in each life (preloaded library)',
    control: 'a queue that throws away what the clock says is two hours old',
    prove: (length) => jumpingClock(length === 'short' ? 3 : 60),
    disprove: () => jumpingClock(2, planted('throws away what the clock says is old')),
  },
  {
    number: 10,
    fault:
      'foreign, expired, early, revoked, self-signed and borrowed certificates; TLS cut in the middle of an answer',
    promise: 'nothing is delivered in a name that is not proven, nothing is deleted',
    injection: 'seven certificates of the kiosk, four of central, and a cut',
    control: 'a shipper that takes the end of the stream for success',
    prove: badCertificates,
    disprove: takesTheEnd,
  },
];
