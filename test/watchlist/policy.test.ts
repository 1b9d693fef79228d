import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CompactSign } from 'jose';
import { Policy, ruleFor } from '../../main/contract/policy.ts';
import { SearchAction } from '../../main/contract/search.ts';
import { AlertCategory } from '../../main/contract/watchlist.ts';
import { builtInPolicy } from '../../main/watchlist/built-in-policy.ts';
import { calibrationsFor } from '../../main/watchlist/calibrations.ts';
import { openPolicy } from '../../main/watchlist/policy-in-force.ts';
import { policyCommand } from '../../main/watchlist/policy-command.ts';
import { readPolicy, signPolicy } from '../../main/watchlist/policy.ts';

const [maker, stranger] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
const policyOf = (number: number): Policy => ({
  format: 'limen-policy',
  version: 1,
  number,
  issuedAt: '2026-11-25T08:00:00.000Z',
  ...builtInPolicy,
});
const refused = { code: 'policy.refused' };

test('a policy is believed when its maker signed it as one, and only as it was signed', async () => {
  const jws = await signPolicy(policyOf(3), maker.privateKey);
  assert.deepEqual(await readPolicy(`${jws}\n`, maker.publicKey), policyOf(3));
  await assert.rejects(readPolicy(jws, stranger.publicKey), refused);
  await assert.rejects(readPolicy(JSON.stringify(policyOf(3)), maker.publicKey), refused);
  await assert.rejects(readPolicy(jws + 'A'.repeat(70_000), maker.publicKey), refused);
  const [head = '', body = '', seal = ''] = jws.split('.');
  const other = Buffer.from(JSON.stringify(policyOf(4))).toString('base64url');
  for (const changed of [`${head}.${other}.${seal}`, `${head}.${body}.`, `${head}.${body}`])
    await assert.rejects(readPolicy(changed, maker.publicKey), refused);
  const sign = (header: object, key: KeyObject) =>
    new CompactSign(Buffer.from(JSON.stringify(policyOf(3)))).setProtectedHeader({ alg: 'EdDSA', ...header }).sign(key);
  await assert.rejects(readPolicy(await sign({ typ: 'limen-keys' }, maker.privateKey), maker.publicKey), refused);
});

test('nothing but a discreet check can be noticed, and a policy ends with a rule that refers all', () => {
  const [notice, rest] = policyOf(1).rules;
  const may = (rules: unknown[]) => Policy.safeParse({ ...policyOf(1), rules }).success;
  assert.ok(may([notice, rest]));
  for (const action of SearchAction.options)
    assert.equal(may([{ ...notice, actions: [action] }, rest]), action === 'discreet-check', action);
  assert.ok(!may([{ ...notice, actions: undefined }, rest]));
  assert.ok(!may([notice]));
  assert.ok(!may([notice, { ...rest, categories: ['arrest'] }]));
  assert.ok(!may([]));
});

test('every category and action has a rule, and the first that fits counts', () => {
  for (const category of AlertCategory.options)
    for (const action of SearchAction.options)
      assert.equal(
        ruleFor(builtInPolicy, { category, action, silent: false })?.treatment,
        action === 'discreet-check' ? 'notice' : 'refer',
      );
});

/** A kiosk's folder; gives what is in force with what lies in the policy file. */
function place() {
  const folder = mkdtempSync(join(tmpdir(), 'limen-policy-'));
  const [file, keptFile] = [join(folder, 'configured.jws'), join(folder, 'policy.jws')];
  const calibrations = calibrationsFor('mobilefacenet');
  return {
    folder,
    open: async (content: string | undefined, key: KeyObject | undefined = maker.publicKey) => {
      rmSync(file, { force: true });
      if (content !== undefined) writeFileSync(file, content);
      const { inForce, fault } = await openPolicy({ file, keptFile, maker: key, calibrations });
      return [inForce.state, inForce.version, fault?.code];
    },
    unconfigured: () => openPolicy({ keptFile, calibrations }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

test('a policy that cannot be used leaves the one before in force; where there was none everybody is referred', async () => {
  using kiosk = place();
  assert.equal((await kiosk.unconfigured()).inForce.state, 'built-in');
  const signed = (number: number, key = maker.privateKey) => signPolicy(policyOf(number), key);
  const bad = [undefined, '', 'rubbish', JSON.stringify(policyOf(9)), await signed(9, stranger.privateKey)];
  for (const content of bad) assert.deepEqual(await kiosk.open(content), ['missing', 'none', 'policy.refused']);
  assert.deepEqual(await kiosk.open(await signed(4)), ['configured', '4', undefined]);
  for (const content of bad) assert.deepEqual(await kiosk.open(content), ['former', '4', 'policy.refused']);
  assert.deepEqual(await kiosk.open(await signed(3)), ['former', '4', 'policy.refused']);
  assert.deepEqual(await kiosk.open(await signed(5)), ['configured', '5', undefined]);
  assert.deepEqual(await kiosk.open(await signed(5)), ['configured', '5', undefined]);
  // Without the maker's key nothing can be believed, the kept one neither.
  const { inForce } = await openPolicy({
    file: join(kiosk.folder, 'configured.jws'),
    keptFile: join(kiosk.folder, 'policy.jws'),
    calibrations: calibrationsFor('mobilefacenet'),
  });
  assert.equal(inForce.state, 'missing');
});

test('the command signs, says in words what is wrong, and tells what a policy would change', async () => {
  using kiosk = place();
  const at = (name: string) => join(kiosk.folder, name);
  const write = (name: string, value: unknown) => {
    writeFileSync(at(name), typeof value === 'string' ? value : JSON.stringify(value));
    return at(name);
  };
  const run = async (...args: string[]) => {
    const rows: string[] = [];
    return [await policyCommand(args, (row) => rows.push(row)), rows.join('\n')] as const;
  };
  const key = write('maker.key', maker.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  const pem = write('policy.pem', maker.publicKey.export({ format: 'pem', type: 'spki' }).toString());
  const plain = write('plain.json', policyOf(7));
  assert.equal((await run('sign', plain, '--key', key, '--out', at('signed.jws')))[0], 0);
  assert.deepEqual(await run('check', at('signed.jws'), '--key', pem), [0, 'policy 7 can be used: 2 rules']);
  assert.deepEqual(
    JSON.parse(readFileSync(plain, 'utf8')),
    await readPolicy(readFileSync(at('signed.jws'), 'utf8'), maker.publicKey),
  );
  const wrong = write('wrong.json', { ...policyOf(7), rules: [{ ...policyOf(7).rules[0], actions: ['arrest'] }] });
  const [code, text] = await run('check', wrong);
  assert.equal(code, 2);
  assert.match(text, /rules.0: only discreet checks can be noticed/);
  assert.match(text, /rules.0: the last rule must fit all, and refer/);

  // A name by itself: enough by the product's own policy, too weak in this one.
  const strict = write('strict.json', {
    ...policyOf(8),
    rules: [{ treatment: 'refer', falseAlarmsPer1000: 0.001, alone: [{ means: 'document' }] }],
  });
  const order = { category: 'missing', action: 'protect', silent: false };
  const likeness = { alert: 'A1', order, by: 'name', score: 1, threshold: 0.84, among: 1 };
  const about = { alert: 'A1', order };
  const crossings = [
    { alerts: 100_000, about, likenesses: [likeness] },
    { alerts: 100_000, about: null, likenesses: [likeness] },
    { alerts: 100_000, about: null, likenesses: [] },
  ];
  const recorded = write('recorded.jsonl', crossings.map((each) => JSON.stringify(each)).join('\n'));
  const [done, rows] = await run('dry-run', strict, recorded);
  assert.equal(done, 0);
  assert.deepEqual(rows.split('\n'), [
    '3 crossings, 2 of travellers on no list',
    'per 1,000 crossings: referred 666.7 -> 0.0, noticed 0.0 -> 0.0',
    'false alarms per 1,000 travellers on no list: 500.0 -> 0.0',
    'missing: 1 on the list, found 1 -> 0 (lost 1, won 0); referred 2 -> 0, noticed 0 -> 0, false alarms 1 -> 0',
  ]);
  assert.match((await run('dry-run', plain, recorded, '--against', strict))[1], /found 0 -> 1 \(lost 0, won 1\)/);
  assert.deepEqual(await run('dry-run', plain, write('bad.jsonl', '{}')), [
    2,
    'policy.refused: line 1 is no recorded crossing',
  ]);
  assert.equal((await run('dance', plain))[0], 2);
});
