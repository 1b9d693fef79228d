import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../main/contract/fault.ts';
import { LinkVerdict } from '../../main/contract/link.ts';
import { settleLink, verdictOf } from '../../main/search/link-verdict.ts';
import type { Line } from '../../main/search/line.ts';
import { uuidv7 } from '../uplink/records.ts';
import { arriving, asker } from './lines-of.ts';

const decision = {
  crossingId: uuidv7(),
  link: uuidv7(),
  colour: 'white',
  explanation: 'My passport was renewed',
  reason: 'Both documents seen',
} as const;
const verdict = verdictOf(decision, asker, Date.now());
const signal = new AbortController().signal;

/** A line that answers as said, one after the other; undefined: it breaks. */
function answering(...answers: readonly (string | undefined)[]): Line & { readonly sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    async ask(path, body) {
      assert.equal(path, '/v1/links');
      const answer = answers[sent.push(body) - 1];
      if (answer === undefined) throw new Fault('search.offline');
      return { status: 200, chunks: arriving(new TextEncoder().encode(answer)) };
    },
    close: async () => {},
  };
}

test('a verdict says who gives it, what for, in which case, and what was said', () => {
  LinkVerdict.parse(verdict);
  assert.deepEqual([verdict.caseId, verdict.link, verdict.staffId], [decision.crossingId, decision.link, 'guard-7']);
  assert.deepEqual([verdict.explanation, verdict.reason], [decision.explanation, decision.reason]);
});

test('where no answer came the same verdict is sent once more, and not again', async () => {
  const lost = answering(undefined, '{"settled":true}');
  await settleLink(lost, verdict, signal);
  assert.equal(lost.sent.length, 2);
  assert.equal(lost.sent[0], lost.sent[1]);
  const dead = answering(undefined, undefined, '{"settled":true}');
  await assert.rejects(settleLink(dead, verdict, signal), { code: 'search.offline' });
  assert.equal(dead.sent.length, 2);
});

test('a refusal is a refusal, and what is no answer is no verdict taken', async () => {
  const refused = answering('{"refused":"not-open"}');
  await assert.rejects(settleLink(refused, verdict, signal), { code: 'search.refused' });
  assert.equal(refused.sent.length, 1);
  for (const nonsense of ['', '{}', '{"settled":false}', '[1', `{"settled":true,"x":"${'y'.repeat(2000)}"}`])
    await assert.rejects(settleLink(answering(nonsense), verdict, signal), { code: 'search.malformed' }, nonsense);
});
