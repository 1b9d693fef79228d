import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { bytesOf, signed } from '../../central/watchlist/publishing.ts';
import { firstOfEpoch, type Root, type Targets } from '../../main/publication/metadata.ts';
import { keyId, publicKeyOf } from '../../main/publication/signing.ts';
import { newKey } from '../sim/list/publisher.ts';
import { ListField, putting, renamed, upTo } from './list-field.ts';

// The attacks of the TUF specification (section 1.5.2), each on a kiosk that holds a list of a hundred alerts.

const hourMs = 3_600_000;

async function settled(): Promise<ListField> {
  const field = await ListField.make();
  await field.publisher.publish(putting(...upTo(100)));
  await field.visit();
  return field;
}

/** Whatever was tried, the list there was is whole, and what the publisher says next is heard. */
async function unharmed(field: ListField, next: number): Promise<void> {
  assert.equal(field.store.watchlist.current()?.version, 1);
  assert.equal(field.store.watchlist.current()?.count, 100);
  field.instead.clear();
  await field.publisher.publish(putting(next), true);
  assert.equal(await field.visit(), true);
}

const part = (targets: Targets, name: string) =>
  Object.entries(targets.targets).find(([each]) => each.startsWith(name))!;

test('a stranger: metadata that somebody else has signed is not believed, of no role', async () => {
  using field = await settled();
  using other = await ListField.make();
  await other.publisher.publish(putting(666));
  await field.publisher.publish(putting(101), false);
  field.instead.set('timestamp.json', other.file('timestamp.json'));
  assert.equal(await field.refusal(), 'timestamp without its signatures');
  field.instead.clear();
  // With central in their hands, and none of the keys that lie elsewhere.
  field.publisher.keys.targets = [newKey()];
  field.publisher.say({ targets: (targets) => targets });
  assert.equal(await field.refusal(), 'targets without its signatures');
});

test('a stranger: bytes that are not the ones signed are not unpacked', async () => {
  using field = await settled();
  await field.publisher.publish(putting(101), false);
  for (const kind of ['change', 'whole-2']) {
    const [name, target] = part(field.publisher.folder.targets()!.signed, kind);
    const path = field.publisher.folder.target(name, target);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
  }
  assert.equal(await field.refusal(), 'a file that is not the one described');
  assert.equal(field.store.watchlist.current()?.version, 1);
  field.refused.clear();
});

test('rollback: what is older is refused, however well it is signed', async () => {
  using field = await settled();
  const { folder } = field.publisher;
  const first = folder.timestamp()!.signed;
  const old = field.file('timestamp.json');
  await field.publisher.publish(putting(101), false);
  await field.visit();
  field.instead.set('timestamp.json', old);
  assert.equal(await field.refusal(), 'an older timestamp');
  field.instead.clear();
  field.publisher.say({ timestamp: (next) => ({ ...next, meta: first.meta }) });
  assert.equal(await field.refusal(), 'a timestamp of an older snapshot');
  field.publisher.say({
    snapshot: (next) => ({
      ...next,
      version: 50,
      meta: { 'targets.json': { ...next.meta['targets.json'], version: 1 } },
    }),
  });
  assert.equal(await field.refusal(), 'a snapshot of older targets');
  assert.equal(field.store.watchlist.current()?.version, 2);
});

test('rollback: no list comes back that is older than one held before, nor after a restart or an erasing', async () => {
  using field = await settled();
  await field.publisher.publish(putting(101), false);
  await field.visit();
  // Whoever has all keys of central but no list of a higher version.
  const [name, whole] = part(field.publisher.folder.targets()!.signed, 'whole');
  const aged: Targets['targets'] = { [name]: { ...whole, custom: { ...whole.custom, to: 1 } } };
  field.publisher.say({ targets: (targets) => ({ ...targets, targets: aged }) });
  assert.equal(await field.visit(), false);
  field.store.watchlist.eraseThrough(field.store.watchlist.current()!.version);
  field.restart();
  assert.equal(await field.visit(), false);
  assert.equal(field.store.watchlist.current(), undefined);
});

test('freeze: a timestamp, a snapshot, targets or a root past their time are refused', async () => {
  using field = await settled();
  field.instead.set('timestamp.json', await field.line().file('timestamp.json', 10_000, new AbortController().signal));
  field.nowMs += 7 * hourMs;
  assert.equal(await field.refusal(), 'timestamp that has expired');
  field.instead.clear();
  assert.equal(await field.visit(), false);
  const expires = '2026-11-25T15:00:00Z';
  field.publisher.say({ snapshot: (snapshot) => ({ ...snapshot, expires }) });
  assert.equal(await field.refusal(), 'snapshot that has expired');
  const { expires: later } = field.publisher.folder.root().signed;
  field.publisher.say({
    targets: (targets) => ({ ...targets, expires }),
    snapshot: (snapshot) => ({ ...snapshot, expires: later }),
  });
  assert.equal(await field.refusal(), 'targets that has expired');
  field.nowMs += 366 * 24 * hourMs;
  assert.equal(await field.refusal(), 'root that has expired');
  assert.equal(field.store.watchlist.current()?.version, 1);
});

test('mix and match: files that do not belong together are refused', async () => {
  using field = await settled();
  await field.publisher.publish(putting(101), false);
  const [second, secondTargets] = [field.file('2.snapshot.json'), field.file('2.targets.json')];
  await field.publisher.publish(putting(102), false);
  field.instead.set('3.snapshot.json', second);
  assert.equal(await field.refusal(), 'a file that is not the one described');
  field.instead.clear();
  field.instead.set('3.targets.json', secondTargets);
  assert.equal(await field.refusal(), 'a file that is not the one described');
  await unharmed(field, 103);
});

test('endless data: no more is read than was signed, or than a role may have', async () => {
  using field = await settled();
  await field.publisher.publish(putting(101), false);
  const endless = Buffer.alloc(1024 * 1024, ' ');
  for (const name of ['2.root.json', 'timestamp.json', '2.snapshot.json', '2.targets.json']) {
    field.instead.clear();
    field.instead.set(name, endless);
    assert.equal(await field.refusal(), `${name} has no end`);
  }
  field.instead.clear();
  for (const kind of ['change', 'whole-2'])
    field.instead.set(part(field.publisher.folder.targets()!.signed, kind)[0], endless);
  assert.equal(await field.refusal(), 'a file without end');
  assert.equal(field.download.held(), undefined);
});

test('fast-forward: versions that a thief of online keys drove up are forgotten with the keys', async () => {
  using field = await settled();
  const far = 2_000_000_000;
  field.publisher.say({
    snapshot: (snapshot) => ({ ...snapshot, version: far }),
    timestamp: (timestamp) => ({ ...timestamp, version: far }),
  });
  assert.equal(await field.visit(), false);
  // The publisher goes on from where it was, with the same keys: nothing is heard of it.
  const honest = (version: number) => ({
    snapshot: (snapshot: object) => ({ ...snapshot, version }),
    timestamp: (timestamp: object) => ({ ...timestamp, version }),
  });
  field.publisher.say(honest(3));
  assert.equal(await field.refusal(), 'an older timestamp');
  field.publisher.rotate({ timestamp: newKey(), snapshot: newKey() });
  field.publisher.say(honest(4));
  assert.equal(await field.visit(), false);
  await unharmed(field, 101);
});

test('fast-forward: a version of the list that ran away is left behind with its epoch', async () => {
  using field = await settled();
  const draft = await field.publisher.draft(putting(101));
  const [name, whole] = part(draft.signed, 'change');
  const last = firstOfEpoch(1) - 1;
  const { signed: run } = draft;
  field.publisher.put({
    ...draft,
    signed: { ...run, targets: { [name]: { ...whole, custom: { ...whole.custom, to: last } } } },
  });
  await field.visit();
  assert.equal(field.store.watchlist.current()?.version, last);
  // Nothing is above it in its epoch, and none of another epoch is believed before the root says so.
  field.publisher.say({
    targets: (targets) => ({
      ...targets,
      targets: { [name]: { ...whole, custom: { ...whole.custom, to: last + 1 } } },
    }),
  });
  assert.equal(await field.refusal(), 'a list of another epoch');
  field.publisher.rotate({ targets: [newKey()] }, { newEpoch: true });
  field.publisher.say({ targets: (targets) => ({ ...targets, targets: {} }) });
  assert.equal(await field.publisher.publish(putting(...upTo(50))), firstOfEpoch(1));
  assert.equal(await field.visit(), true);
  assert.deepEqual(
    [field.store.watchlist.current()?.version, field.store.watchlist.current()?.count],
    [firstOfEpoch(1), 50],
  );
});

test('rotation: a chain of roots is followed to its end, after any number of versions, and once', async () => {
  using field = await settled();
  for (let times = 0; times < 3; times++) {
    field.publisher.rotate({ root: [newKey(), newKey(), newKey()], targets: [newKey()] });
    field.publisher.say({ targets: (targets) => targets });
  }
  await field.publisher.publish(putting(101), false);
  field.asked.length = 0;
  assert.equal(await field.visit(), true);
  assert.deepEqual(field.asked.slice(0, 4), ['2.root.json', '3.root.json', '4.root.json', '5.root.json']);
  field.restart();
  field.asked.length = 0;
  await field.visit();
  assert.equal(field.asked[0], '5.root.json');
});

test('rotation: a root is refused that those before it, or its own keys, have not signed, or that leaps', async () => {
  using field = await settled();
  const { keys, folder } = field.publisher;
  const fresh = [newKey(), newKey()];
  const { signed: root } = folder.root();
  const next = (more: object, ...by: ReturnType<typeof newKey>[]) => {
    const publics = (names: readonly ReturnType<typeof newKey>[]) => names.map((key) => publicKeyOf(key));
    const made = {
      ...root,
      version: 2,
      keys: { ...root.keys, ...Object.fromEntries(publics(fresh).map((key) => [keyId(key), key])) },
      roles: { ...root.roles, root: { keyids: publics(fresh).map(keyId), threshold: 2 } },
      ...more,
    };
    field.publisher.forge('2.root.json', made, ...by);
  };
  const [one, two] = keys.root as [ReturnType<typeof newKey>, ReturnType<typeof newKey>];
  next({}, ...fresh);
  assert.equal(await field.refusal(), 'root without its signatures');
  next({}, one, ...fresh);
  assert.equal(await field.refusal(), 'root without its signatures');
  next({}, one, two, fresh[0]!);
  assert.equal(await field.refusal(), 'a root that its own keys have not signed');
  next({ version: 3 }, one, two, ...fresh);
  assert.equal(await field.refusal(), 'not the next root');
  next({ roles: { ...root.roles, root: { keyids: [keyId(publicKeyOf(one))], threshold: 2 } } }, one, two);
  assert.equal(await field.refusal(), 'not a file of metadata');
  next({}, one, two, ...fresh);
  assert.equal(await field.visit(), false);
});

test('a threshold is of keys: one that signs twice, or has two names, is one', async () => {
  using field = await settled();
  const { keys, folder } = field.publisher;
  const [one, two] = keys.root as [ReturnType<typeof newKey>, ReturnType<typeof newKey>];
  const { signed: root } = folder.root();
  const draft = { signed: { ...root, version: 2 }, signatures: [] };
  const [twice] = signed(draft, one).signatures;
  field.instead.set('2.root.json', bytesOf({ ...draft, signatures: [twice!, twice!] }));
  assert.equal(await field.refusal(), 'not a file of metadata');
  // The root itself is made by one who would have it that way.
  const alias = 'ab'.repeat(32);
  const aliased: Root = {
    ...root,
    version: 2,
    keys: { ...root.keys, [alias]: publicKeyOf(one) },
    roles: { ...root.roles, root: { keyids: [keyId(publicKeyOf(one)), alias], threshold: 2 } },
  };
  const plain = { signed: aliased, signatures: [] };
  const [first, second] = [one, two].map((key) => signed(plain, key).signatures[0]!);
  const signatures = [first!, second!, { ...first!, keyid: alias }];
  field.instead.set('2.root.json', bytesOf({ signed: aliased, signatures }));
  assert.equal(await field.refusal(), 'a root that its own keys have not signed');
  await unharmed(field, 101);
});

test('compromise: keys that were taken out of a root sign nothing any more', async () => {
  using field = await settled();
  const [stolen] = field.publisher.keys.targets;
  field.publisher.rotate({ targets: [newKey()] });
  field.publisher.say({ targets: (targets) => targets });
  await field.visit();
  const mine = field.publisher.keys.targets;
  field.publisher.keys.targets = [stolen!];
  field.publisher.say({ targets: (targets) => targets });
  assert.equal(await field.refusal(), 'targets without its signatures');
  field.publisher.keys.targets = mine;
  await unharmed(field, 101);
});

test('a large change needs an approver, whom no key of the targets can stand in for; a small one does not', async () => {
  using field = await settled();
  const large = [1, 2, 3, 4, 5, 6].map((number) => ({ put: renamed(number) }));
  const draft = await field.publisher.draft(large);
  field.publisher.put(draft);
  assert.equal(await field.refusal(), 'a large change that nobody has approved');
  assert.equal(field.store.watchlist.current()?.version, 1);

  const { approvers, targets } = field.publisher.keys;
  field.publisher.keys.approvers = targets;
  field.publisher.put({
    ...field.publisher.approved(draft),
    signed: { ...field.publisher.approved(draft).signed, version: 3 },
  });
  field.publisher.keys.approvers = approvers;
  field.refused.clear();
  assert.equal(await field.refusal(), 'a large change that nobody has approved');

  const approved = field.publisher.approved(draft);
  field.publisher.put({ ...approved, signed: { ...approved.signed, version: 4 } });
  field.refused.clear();
  assert.equal(await field.visit(), true);
  assert.equal(field.store.watchlist.current()?.version, 2);
  await field.publisher.publish(
    [1, 2, 3, 4, 5].map((number) => ({ remove: `A-${number}` })),
    false,
  );
  assert.equal(await field.visit(), true);
  assert.equal(field.store.watchlist.current()?.count, 95);
});

test('a large change is one in a whole list too, and a first list is nothing but change', async () => {
  using field = await ListField.make();
  await field.publisher.publish(putting(...upTo(100)), false);
  assert.equal(await field.visit(), false, 'nobody approved the first list');
  field.publisher.put({ ...field.publisher.approved(await field.publisher.draft(putting(101))) });
  assert.equal(await field.visit(), true);
  const draft = await field.publisher.draft([1, 2, 3, 4, 5, 6].map((number) => ({ remove: `A-${number}` })));
  const wholes = Object.entries(draft.signed.targets).filter(([name]) => name === 'whole-3.zst');
  field.publisher.put({ ...draft, signed: { ...draft.signed, targets: Object.fromEntries(wholes) } });
  assert.equal(await field.refusal(), 'a large change that nobody has approved');
  assert.equal(field.store.watchlist.current()?.count, 101);
});

test('a list that is not what was signed of it is not taken up: another root, count or number of operations', async () => {
  using field = await settled();
  const draft = await field.publisher.draft(putting(101));
  const [name, change] = part(draft.signed, 'change');
  let version = 1;
  for (const [wrong, why] of [
    [{ merkleRoot: '00'.repeat(32) }, 'another root'],
    [{ count: 102 }, 'not as many alerts'],
    [{ operations: 0 }, 'more operations than there are'],
    [{ operations: 2 }, 'fewer operations than there are'],
  ] as const) {
    const target = { ...change, custom: { ...change.custom, ...wrong } };
    field.publisher.put({ ...draft, signed: { ...draft.signed, version: ++version, targets: { [name]: target } } });
    field.refused.clear();
    assert.equal(await field.refusal(), why);
  }
  assert.equal(field.store.watchlist.current()?.version, 1);
  assert.deepEqual(field.held().length, 101);
});

test('a list that is dead already, or is said to be of tomorrow, is passed over', async () => {
  using field = await settled();
  for (const hours of [-49, 1]) {
    await field.publisher.publish(putting(101), true, new Date(field.nowMs + hours * hourMs));
    assert.equal(await field.visit(), false);
  }
  assert.equal(field.store.watchlist.current()?.version, 1);
});

test('a kiosk that is given another root starts anew from it, and one of a ceremony of its own too', async () => {
  using field = await settled();
  using other = await ListField.make();
  await other.publisher.publish(putting(1));
  field.provision(other.publisher.firstRoot);
  assert.equal(await field.refusal(), 'timestamp without its signatures');
  field.provision(field.publisher.firstRoot);
  await unharmed(field, 101);
});
