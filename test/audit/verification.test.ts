import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { signCheckpoint } from '../../main/audit/checkpoint.ts';
import { auditCommand } from '../../main/audit/command.ts';
import { readParts } from '../../main/audit/log-file.ts';
import { keyText } from '../../main/audit/note.ts';
import { Fault } from '../../main/contract/fault.ts';
import { fileOf, makeLog, verifyFile } from './logs.ts';

const length = 12;
const log = makeLog(length);
const whole = log.rows();
/** Where the rows of lines are. */
const rowOf = (n: number) => whole.indexOf(log.lines[n - 1]!.toString());
const key = log.signer;

/** What is found in rows, or the fault that they are no log. */
async function outcome(rows: readonly string[]) {
  try {
    return await verifyFile(fileOf(rows), { key });
  } catch (error) {
    return (error as Fault).code;
  }
}
const foundIn = async (rows: readonly string[]) => {
  const told = await outcome(rows);
  return typeof told === 'string' ? told : told.finding;
};
/** Whether something is amiss, or at least not proven. */
const amiss = (told: Awaited<ReturnType<typeof outcome>>) =>
  typeof told === 'string' || told.finding !== undefined || told.uncovered > 0 || told.erased > 0;

test('a log as it was written is whole, from its beginning or from any line on', async () => {
  for (let from = 1; from <= length; from++) {
    const { finding, lines, uncovered, before, checkpoints } = await verifyFile(fileOf(log.rows({ from })), { key });
    assert.deepEqual([finding, before, lines, uncovered], [undefined, from - 1, length - from + 1, 0]);
    assert.ok(checkpoints > 0);
  }
});

test('a line that is altered, taken out, doubled, put in or moved is the one that is named', async () => {
  const lines = fc.integer({ min: 1, max: length });
  await fc.assert(
    fc.asyncProperty(lines, async (n) => {
      const at = rowOf(n);
      const row = whole[at]!;
      const deeds: [string, readonly string[], unknown][] = [
        ['doubled', whole.toSpliced(at, 0, row), { what: 'line-repeated', line: n }],
        ['altered', whole.with(at, row.replace('crossing-begun', 'crossing-begum')), { what: 'line-altered', line: n }],
        ['put in', whole.toSpliced(at, 0, row.replace('Z"', 'z"')), { what: 'line-repeated', line: n }],
      ];
      // At a checkpoint it is the signed size that tells.
      deeds.push(['taken out', whole.toSpliced(at, 1), { what: 'line-missing', line: n }]);
      if (n < length) {
        const next = rowOf(n + 1);
        deeds.push(['moved', whole.with(at, whole[next]!).with(next, row), { what: 'line-missing', line: n }]);
      }
      for (const [deed, rows, expected] of deeds) {
        const found = await foundIn(rows);
        if (deed === 'altered' && n === length)
          assert.deepEqual(found, { what: 'root-differs', line: 9, through: length }, deed);
        // Of the last two lines, the chain alone cannot say which is the false one.
        else if (deed === 'altered' && n === length - 1)
          assert.deepEqual(found, { what: 'line-altered', line: n, through: length }, deed);
        else assert.deepEqual(found, expected, `${deed} ${n}`);
      }
    }),
    { numRuns: length * 2 },
  );
});

test('any one byte that is changed, removed or put in anywhere in the file is found', async () => {
  const file = fileOf(whole);
  assert.equal(amiss(await outcome(whole)), false);
  const change = fc.oneof(
    fc.record({
      at: fc.nat(file.length - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 1 }),
      cut: fc.constant(1),
    }),
    fc.record({
      at: fc.nat(file.length - 1),
      bytes: fc.uint8Array({ maxLength: 3 }),
      cut: fc.integer({ min: 0, max: 3 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(change, async ({ at, bytes, cut }) => {
      const spoilt = Buffer.concat([file.subarray(0, at), bytes, file.subarray(at + cut)]);
      if (spoilt.equals(file)) return;
      let told: Awaited<ReturnType<typeof outcome>>;
      try {
        told = await verifyFile(spoilt, { key });
      } catch (error) {
        assert.ok(error instanceof Fault && error.code === 'audit.malformed', String(error));
        return;
      }
      assert.ok(amiss(told), spoilt.toString());
    }),
    { numRuns: 2000 },
  );
});

test('any rows that are taken out, doubled or moved are found, but for a checkpoint that another one covers', async () => {
  const place = fc.integer({ min: 0, max: whole.length - 1 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('out', 'double', 'swap'), place, place, async (deed, a, b) => {
      const rows =
        deed === 'out'
          ? whole.toSpliced(a, 1)
          : deed === 'double'
            ? whole.toSpliced(b, 0, whole[a]!)
            : whole.with(a, whole[b]!).with(b, whole[a]!);
      if (rows.join('\n') === whole.join('\n')) return;
      // A whole signature doubled in its place signs the same text twice.
      if (deed === 'double' && whole[a]!.startsWith('— ') && (b === a || b === a + 1)) return;
      assert.ok(amiss(await outcome(rows)), `${deed} ${a} ${b}`);
    }),
    { numRuns: 500 },
  );
});

test('a log that was written anew with another key, or with the same key, is found by what was kept elsewhere', async () => {
  const other = makeLog(length);
  const file = fileOf(other.rows());
  assert.equal((await verifyFile(file)).finding, undefined);
  assert.equal((await verifyFile(file, { key })).finding?.what, 'key-differs');
  // The key was stolen: the signatures are good, only the checkpoint kept is not of this log.
  const kept = log.checkpoint(7);
  const signed = [
    whole[0]!,
    ...other.lines.map((line) => line.toString()),
    ...signCheckpoint(other.trees[length]!, key).trimEnd().split('\n'),
  ];
  assert.equal((await verifyFile(fileOf(signed), { key })).finding, undefined);
  assert.deepEqual((await verifyFile(fileOf(signed), { key, kept })).finding, {
    what: 'kept-differs',
    line: 1,
    through: 7,
  });
  assert.equal((await verifyFile(fileOf(whole), { key, kept })).finding, undefined);
});

test('an end that was cut off is found by a checkpoint kept elsewhere, and only by that', async () => {
  const rows = whole.slice(0, rowOf(9));
  const cut = await verifyFile(fileOf(rows), { key });
  assert.deepEqual([cut.finding, cut.lines, cut.uncovered], [undefined, 8, 0]);
  const kept = log.checkpoint(10);
  const finding = { what: 'cut-off', line: 9, through: 10 };
  assert.deepEqual((await verifyFile(fileOf(rows), { key, kept })).finding, finding);
  const late = await verifyFile(fileOf(log.rows({ from: 9 })), { key, kept: log.checkpoint(4) });
  assert.deepEqual([late.finding, late.keptTooOld], [undefined, true]);
  // At the very beginning of the file it can be compared.
  const begins = log.rows({ from: 9 });
  assert.equal((await verifyFile(fileOf(begins), { key, kept: log.checkpoint(8) })).keptTooOld, false);
});

test('a line whose text was erased leaves the log whole, and is counted; a false digest is found', async () => {
  const erased = log.rows({ erased: [2, 3, 8] });
  const verdict = await verifyFile(fileOf(erased), { key });
  assert.deepEqual([verdict.finding, verdict.erased, verdict.lines], [undefined, 3, length]);
  const at = erased.findIndex((row) => row.startsWith('='));
  const spoilt = erased.with(at, `=${randomBytes(32).toString('base64')}`);
  assert.notEqual(await foundIn(spoilt), undefined);
});

test('files that mean harm are typed faults, and a row without an end is given up early', async () => {
  const head = whole[0]!;
  const hostile: (string | Buffer)[] = [
    '',
    '\n',
    'hello\n',
    head,
    `${head} AAAA\n`,
    `${head.replace(' 0', ' 3')}\n`,
    `${head.replace(' 0', ' 00')}\n`,
    `${head}\n${'['.repeat(6000)}\n`,
    `${head}\n${'x\n'.repeat(20_000)}`,
    `${head}\n{"a":\n`.replace('{"a":', `{${' '.repeat(9000)}`),
    Buffer.concat([Buffer.from(`${head}\n`), randomBytes(5000)]),
    Buffer.alloc(100_000),
  ];
  for (const file of hostile)
    await assert.rejects(verifyFile(Buffer.from(file)), { name: 'Fault', code: 'audit.malformed' });
  let taken = 0;
  const endless = function* () {
    for (;;) {
      taken++;
      yield Buffer.alloc(65_536, 0x7b);
    }
  };
  await assert.rejects(async () => {
    for await (const _ of readParts(endless()));
  }, /row 1: a row that is too long/);
  assert.ok(taken <= 2);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (rubbish) => {
      const told = await verifyFile(Buffer.from(`${head}\n${rubbish}`)).catch((error: unknown) => error);
      assert.ok(!(told instanceof Error) || (told as Fault).code === 'audit.malformed', String(told));
    }),
  );
});

test('the pieces in which a file comes do not matter', async () => {
  const file = fileOf(whole);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 30 }), async (sizes) => {
      const pieces: Buffer[] = [];
      for (let at = 0, i = 0; at < file.length; at += sizes[i++ % sizes.length]!)
        pieces.push(file.subarray(at, at + sizes[i % sizes.length]!));
      const rows: string[] = [];
      for await (const part of readParts(pieces)) rows.push(JSON.stringify('is' in part ? part : 'head'));
      const direct: string[] = [];
      for await (const part of readParts([file])) direct.push(JSON.stringify('is' in part ? part : 'head'));
      assert.deepEqual(rows, direct);
    }),
    { numRuns: 50 },
  );
});

test('the command ends with 0 where all is proven, 1 where something is altered, 2 where it cannot look, 3 where doubt is left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'limen-'));
  const keep = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const run = async (...args: string[]) => {
    const rows: string[] = [];
    return [await auditCommand(args, (row) => rows.push(row)), rows.join('\n')] as const;
  };
  const file = keep('whole', fileOf(whole));
  const checkpoint = keep('kept', log.checkpoint(10));
  const vkey = keyText(key);
  const proven = await run('verify', file, '--key', vkey, '--checkpoint', checkpoint);
  assert.deepEqual(proven, [0, `whole: ${key.name}, lines 1 to 12, 3 checkpoints, key ${vkey}`]);
  const unkeyed = await run('verify', file);
  assert.equal(unkeyed[0], 3);
  assert.match(unkeyed[1], /the key is the file's own/);
  const cut = keep('cut', fileOf(whole.slice(0, rowOf(9))));
  assert.deepEqual(await run('verify', cut, '--key', vkey, '--checkpoint', checkpoint), [
    1,
    'altered: lines 9 to 10: cut-off',
  ]);
  assert.equal((await run('verify', keep('open', fileOf(whole.slice(0, rowOf(10)))), '--key', vkey))[0], 3);
  const erased = keep('erased', fileOf(log.rows({ erased: [3] })));
  assert.equal((await run('verify', erased, '--key', vkey))[0], 3);
  assert.equal((await run('verify', erased, '--key', vkey, '--erased'))[0], 0);
  for (const args of [
    [],
    ['verify'],
    ['look', file],
    ['verify', join(folder, 'nowhere')],
    ['verify', folder],
    ['verify', file, '--key', 'x'],
    ['verify', file, '--checkpoint', file],
    ['verify', file, '--wrong'],
    ['verify', keep('other', 'no log')],
  ])
    assert.equal((await run(...args))[0], 2, args.join(' '));
  rmSync(folder, { recursive: true });
});
