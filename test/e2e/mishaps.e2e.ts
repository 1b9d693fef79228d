import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type ElectronApplication } from '@playwright/test';
import { decided, recordsAt } from '../sim/demo/central-records.ts';
import { begin, cross, guardDecides, stageOf } from '../sim/demo/drive.ts';
import { documentOf, fingerImage } from '../sim/demo/props.ts';
import { travellers } from '../sim/demo/travellers.ts';
import { gateTest } from './gate-fixture.ts';

const test = gateTest({
  config: {
    journey: {
      spansMs: { language: 20_000, document: 120_000, face: 120_000, finger: 120_000, passed: 120_000, referred: 3000 },
      warnMs: 14_000,
    },
  },
});
const byName = (name: string) => travellers.find((traveller) => traveller.name === name)!;

/** Kills a process as a crash would: no chance to tidy up. */
const kill = (pid: number) => process.kill(pid, 'SIGKILL');

const corePid = (app: ElectronApplication) =>
  app.evaluate(
    ({ app }) =>
      app.getAppMetrics().find((metric) => metric.serviceName === 'limen-core' || metric.name === 'limen-core')?.pid,
  );

/** Runs a script in the traveller's page through the shell: it works on a page that was loaded again. */
const inTravellersPage = (app: ElectronApplication, script: string): Promise<unknown> =>
  app.evaluate(async ({ BrowserWindow }, script) => {
    const window = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().endsWith('/traveller.html'));
    const answer = window?.webContents.executeJavaScript(script).catch(() => null);
    // A dead page never answers.
    return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 5000))]);
  }, script);

const stageNow = (app: ElectronApplication) =>
  inTravellersPage(app, "document.querySelector('[data-stage]')?.dataset.stage");

test('a traveller who cancels leaves nothing behind', async ({ scene: { gate } }) => {
  const before = await recordsAt(gate.centralFolder);
  await begin(gate.traveller, 'en');
  await gate.control.call('place-document', await sent('clear'));
  await stageOf(gate.traveller, 'face');
  await gate.traveller.getByRole('button', { name: 'Cancel' }).click();
  await stageOf(gate.traveller, 'attract');
  await gate.control.call('remove-document');
  expect(await gate.control.call('queued')).toBe(0);
  expect(await recordsAt(gate.centralFolder)).toEqual(before);
});

test('silence is warned of, can be extended, and ends in the attract screen', async ({ scene: { gate } }) => {
  await stageOf(gate.traveller, 'attract');
  await gate.traveller.locator('button.begin').click();
  await stageOf(gate.traveller, 'language');
  const more = gate.traveller.getByRole('button', { name: 'I need more time' });
  await more.click();
  await expect(more).toBeHidden();
  await expect(more).toBeVisible();
  await stageOf(gate.traveller, 'attract');
});

test('asking for an officer refers the traveller like any other referral', async ({ scene: { gate } }) => {
  await begin(gate.traveller, 'fr');
  await gate.traveller.locator('.leaving button').nth(1).click();
  await stageOf(gate.traveller, 'referred');
  expect(await guardDecides(gate.guard, 'Second line')).toEqual(['assistance-requested']);
  await stageOf(gate.traveller, 'attract');
});

test('central killed mid-crossing: the record is queued with the fallback mark and delivered when the line is back', async ({
  scene,
}) => {
  const { gate, films } = scene;
  await gate.control.call('import-watchlist', emptyList());
  const before = await recordsAt(gate.centralFolder);
  expect(await cross(gate, films, byName('central-down'))).toBe('passed');
  await gate.control.call('pass');
  // What was decided, and what was captured.
  expect(await gate.control.call('queued')).toBe(2);
  await gate.central.up();
  await gate.control.call('delivered');
  const [record, ...more] = decided((await recordsAt(gate.centralFolder)).slice(before.length));
  expect(more).toEqual([]);
  expect(record).toMatchObject({ kind: 'crossing', outcome: 'clear', fallback: true });
  await stageOf(gate.traveller, 'attract');
});

test('a scanner that is pulled out mid-image and comes back lets the crossing go on', async ({
  scene: { gate, films },
}) => {
  expect(await cross(gate, films, byName('scanner-unplugged'))).toBe('passed');
  await gate.control.call('pass');
  await stageOf(gate.traveller, 'attract');
});

test('a core that is killed mid-crossing comes back, refers the traveller, and its outbox is whole', async ({
  scene,
}) => {
  const { gate } = scene;
  const before = await recordsAt(gate.centralFolder);
  await begin(gate.traveller, 'en');
  await gate.control.call('place-document', await sent('clear'));
  await stageOf(gate.traveller, 'face');
  kill((await corePid(gate.app))!);
  await stageOf(gate.traveller, 'moment');
  await stageOf(gate.traveller, 'referred');
  expect(await guardDecides(gate.guard, 'Second line')).toEqual(['interrupted']);
  await gate.reconnect();
  await gate.control.call('delivered');
  const fresh = (await recordsAt(gate.centralFolder)).slice(before.length);
  expect(decided(fresh).map(({ kind, outcome }) => [kind, outcome])).toEqual([
    ['crossing', 'refer'],
    ['guard-decision', 'second-line'],
  ]);
  expect(fresh[0]?.reasons?.map(({ code }) => code)).toEqual(['interrupted']);
  await stageOf(gate.traveller, 'attract');
});

test('after delivery nothing of the crossing is left in any place that the kiosk writes to', async ({
  scene: { gate },
}) => {
  const found = filesWith(gate.places, await needlesOf('scanner-unplugged'));
  expect(found, 'a file that holds something of the traveller').toEqual([]);
});

test('a core that crashes when document and face are known leaves nothing of the traveller in any place', async ({
  scene: { gate, films },
}) => {
  await films.show(byName('clear').person);
  await begin(gate.traveller, 'en');
  await gate.control.call('place-document', await sent('clear'));
  await stageOf(gate.traveller, 'finger');
  // As by a fault of its own: where anything writes dumps it writes one now.
  process.kill((await corePid(gate.app))!, 'SIGSEGV');
  await stageOf(gate.traveller, 'moment');
  await stageOf(gate.traveller, 'referred');
  const needles = await needlesOf('clear');
  expect(filesWith(gate.places, needles), 'a file that holds something of the traveller').toEqual([]);
  // The control: the same look finds what is written without a seal.
  const planted = join(gate.stateDir, 'planted');
  writeFileSync(planted, Buffer.concat([Buffer.alloc(1000), needles[0]!, Buffer.alloc(1000)]));
  expect(filesWith(gate.places, needles)).toEqual([planted]);
  rmSync(planted);
  expect(await guardDecides(gate.guard, 'Second line')).toEqual(['interrupted']);
  await gate.reconnect();
  await stageOf(gate.traveller, 'attract');
});

test('a page that is killed mid-crossing comes back to the same crossing', async ({ scene: { gate } }) => {
  await begin(gate.traveller, 'en');
  const pid = await gate.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((one) => one.webContents.getURL().endsWith('/traveller.html'))!
      .webContents.getOSProcessId(),
  );
  kill(pid);
  await expect.poll(() => stageNow(gate.app)).toBe('document');
  await inTravellersPage(gate.app, "document.querySelector('.leaving button').click()");
  await expect.poll(() => stageNow(gate.app)).toBe('attract');
});

async function sent(name: string) {
  const { lines, portrait } = await documentOf(byName(name));
  return { lines, portrait: Buffer.from(portrait).toString('base64') };
}

const emptyList = () => ({ version: 1, madeAt: new Date().toISOString(), alerts: [] });

/** What a file of a traveller would hold: a row of the zone, the surname, some of the portrait's bytes and of the finger's. */
async function needlesOf(name: string): Promise<Buffer[]> {
  const traveller = byName(name);
  const { lines, portrait } = await documentOf(traveller);
  const { pixels } = fingerImage(traveller.finger, 0, 'good');
  const middle = 200 * 320 + 130;
  return [lines[1]!, traveller.document.surname, portrait.slice(200, 264), pixels.subarray(middle, middle + 64)].map(
    (part) => Buffer.from(part as Uint8Array),
  );
}

/** Which files in these places hold one of the needles. */
function filesWith(places: readonly string[], needles: readonly Buffer[]): string[] {
  const files = places.flatMap((place) =>
    statSync(place, { throwIfNoEntry: false })?.isDirectory()
      ? readdirSync(place, { recursive: true, encoding: 'utf8' }).map((name) => join(place, name))
      : [place],
  );
  return files.filter((file) => {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
    const content = readFileSync(file);
    return needles.some((needle) => content.includes(needle));
  });
}
