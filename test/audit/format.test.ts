import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromBase64 } from '../../main/audit/base64.ts';
import { openCheckpoint, readCheckpoint, signCheckpoint } from '../../main/audit/checkpoint.ts';
import { emptyHead, readLine, writeLine } from '../../main/audit/line.ts';
import { keyText, noteSigner, openNote, readKeyText, signNote, takeApart } from '../../main/audit/note.ts';
import { emptyTree, frontierLength, grow, leafHash, rootOf } from '../../main/audit/tree.ts';
import { AuditEvent } from '../../main/contract/audit.ts';

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 6962, 2.1, word for word. */
function treeHash(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves;
  if (!only) return sha256();
  if (leaves.length === 1) return sha256(Buffer.from([0]), only);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.from([1]), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

const treeOf = (leaves: readonly Uint8Array[]) => leaves.reduce((tree, leaf) => grow(tree, leafHash(leaf)), emptyTree);

test('the tree of the eight leaves of certificate transparency has the roots that are published', () => {
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  const bytes = leaves.map((leaf) => Buffer.from(leaf, 'hex'));
  for (const [index, root] of roots.entries())
    assert.equal(Buffer.from(rootOf(treeOf(bytes.slice(0, index + 1)))).toString('hex'), root);
});

test('the root of any leaves is that of RFC 6962, and the frontier is as long as the size has bits', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }), (leaves) => {
      const tree = treeOf(leaves);
      assert.deepEqual(Buffer.from(rootOf(tree)), treeHash(leaves));
      assert.equal(tree.hashes.length, frontierLength(tree.size));
    }),
  );
});

// The key, text and signature of the tests of golang.org/x/mod/sumdb/note, which the specification comes from.
const verifierKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const secret = fromBase64('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz')!.subarray(1);
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const signature =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

test('a note is signed and opened as in the published vector, bit for bit', () => {
  const signer = noteSigner('PeterNeumann', secret);
  assert.equal(keyText(signer), verifierKey);
  assert.equal(signNote(text, signer), `${text}\n${signature}`);
  assert.equal(openNote(`${text}\n${signature}`, readKeyText(verifierKey)), text);
});

test('a note with signatures of others is opened, one with a false one of our own is not', () => {
  const key = readKeyText(verifierKey);
  const other = noteSigner('EnochRoot', Buffer.alloc(32, 7));
  const [, line] = signNote(text, other).split('\n\n');
  assert.equal(openNote(`${text}\n${line}${signature}`, key), text);
  assert.equal(openNote(`${text}\n${line}`, key), undefined);
  const others = signature.replace('x08go/ZJ', 'x08go/ZK');
  assert.equal(openNote(`${text}\n${signature}${others}`, key), undefined);
  assert.equal(openNote(`${text.replace('answer', 'Answer')}\n${signature}`, key), undefined);
});

test('what is no note, no key and no checkpoint is a fault', () => {
  const malformed = { name: 'Fault', code: 'audit.malformed' };
  for (const note of ['', text, `${text}\n`, `${text}${signature}`, `${text}\n${signature.trimEnd()}`])
    assert.throws(() => takeApart(note), malformed);
  for (const line of ['— PeterNeumann x08go\n', '- PeterNeumann AAAAAAAA\n', '—  AAAAAAAA\n', `${signature}\nmore\n`])
    assert.throws(() => takeApart(`${text}\n${line}`), malformed);
  assert.throws(() => takeApart(`a\tb\n\n${signature}`), malformed);
  assert.throws(() => takeApart(`${text}\n${signature.repeat(17)}`), malformed);
  assert.ok(takeApart(`${text}\n${signature.repeat(16)}`));
  for (let at = 0; at < verifierKey.length; at++) {
    const mangled = Buffer.from(verifierKey);
    mangled[at]!++;
    assert.throws(() => readKeyText(mangled.toString()), malformed, String(at));
    assert.throws(() => readKeyText(verifierKey.slice(0, at)), malformed);
  }
  // A longer key and another algorithm, each under the id it would have.
  for (const key of [
    'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  ])
    assert.throws(() => readKeyText(key), malformed);
});

test('the example of the specification is read as the checkpoint it is', () => {
  const example = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
  const { origin, size, root } = readCheckpoint(example);
  assert.deepEqual([origin, size, root.length], ['example.com/behind-the-sofa', 20_852_163, 32]);
  const malformed = { code: 'audit.malformed' };
  for (const [from, to] of [
    ['20852163', '020852163'],
    ['20852163', '-1'],
    ['20852163', '99999999999999999'],
    ['2I=', '2J='],
    ['example.com/behind-the-sofa\n2', '\n2'],
    ['2I=\n', '2I=\n\nmore\n'],
  ] as const)
    assert.throws(() => readCheckpoint(example.replace(from, to)), malformed, to);
  assert.equal(readCheckpoint(example.replace('2I=\n', '2I=\nan extension\n')).size, 20_852_163);
});

test('a checkpoint holds the root, and any bit of it that is changed is found', () => {
  const signer = noteSigner('limen/kiosk/gate-1', Buffer.alloc(32, 1));
  const tree = treeOf([Buffer.from('a'), Buffer.from('b'), Buffer.from('c')]);
  const note = signCheckpoint(tree, signer);
  const opened = openCheckpoint(note, signer);
  assert.deepEqual(opened, { origin: signer.name, size: 3, root: Buffer.from(rootOf(tree)) });
  const bytes = Buffer.from(note);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const spoilt = Buffer.from(bytes);
      spoilt[at]! ^= change;
      let read: unknown;
      try {
        read = openCheckpoint(spoilt.toString(), signer);
      } catch (error) {
        assert.equal((error as { code: string }).code, 'audit.malformed');
      }
      assert.equal(read, undefined);
    }),
    { numRuns: 300 },
  );
});

test('a line is canonical JSON, names the line before, and is read as it was written only', () => {
  const at = '2026-11-25T10:00:00.000Z';
  const line = writeLine(emptyHead, at, { event: 'store-closed' });
  assert.equal(
    line.toString(),
    `{"at":"${at}","event":"store-closed","n":1,"prev":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","v":1}`,
  );
  const next = writeLine({ size: 1, hash: leafHash(line) }, at, { event: 'clock-jumped', byMs: -3_600_000 });
  assert.deepEqual(readLine(next), { n: 2, prev: leafHash(line), at, event: 'clock-jumped' });
  for (const [from, to] of [
    ['"v":1', '"v":2'],
    ['"v":1', '"v":1,"w":1'],
    ['"n":1', '"n":1.0'],
    ['"n":1', '"n":0'],
    ['"at"', ' "at"'],
    ['uFU=', 'uFV='],
    ['{"at"', '{"zt"'],
    ['closed"', 'closed","event":"store-closed"'],
  ] as const) {
    const text = line.toString().replace(from, to);
    assert.equal(readLine(Buffer.from(text)) !== undefined, to === '"v":1,"w":1', to);
  }
  assert.equal(readLine(Buffer.from([0x7b, 0xff, 0x7d])), undefined);
});

test('an event holds codes, ids and figures, and there is no place for a text about somebody', () => {
  const crossingId = '0199b1f0-0000-7000-8000-000000000000';
  const event = { event: 'guard-decided', crossingId, staffId: 'guard-7', outcome: 'admit', packetIds: [] };
  assert.ok(AuditEvent.safeParse(event).success);
  for (const more of [{ reason: 'has a red coat' }, { name: 'ERIKSSON' }, { portrait: new Uint8Array(2) }])
    assert.ok(!AuditEvent.safeParse({ ...event, ...more }).success);
  // No schema but those named takes a text that is not of a closed alphabet.
  const free = 'Anna Maria, born in 1974';
  for (const option of AuditEvent.options)
    for (const [name, field] of Object.entries(option.shape))
      if ((field as { safeParse(v: unknown): { success: boolean } }).safeParse(free).success)
        assert.ok(['origin', 'program', 'staffId', 'listVersion', 'keyId'].includes(name), name);
});
