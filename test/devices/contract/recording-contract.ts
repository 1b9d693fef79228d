import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordAll } from '../golden/recording.ts';
import { replay } from '../golden/replay.ts';
import { sessions } from '../golden/sessions.ts';
import { readGolden, type Step, stepsOf } from '../transcript.ts';
import type { Rung } from './rung.ts';

const said = (steps: readonly Step[]) => steps.filter(({ kind }) => kind !== '<=').map(({ line }) => line);

/** What is recorded at the ports of any rung is what was recorded once and for all, and can be replayed without it. */
export function recordingContract(rung: () => Rung): void {
  test('what is said here can be replayed, and the host says what the golden transcripts have', async () => {
    const recorded = await recordAll(rung());
    assert.deepEqual(Object.keys(recorded), Object.keys(sessions));
    for (const [name, session] of Object.entries(sessions)) {
      const steps = stepsOf(recorded[name]!);
      await replay(session, steps);
      assert.deepEqual(said(steps), said(readGolden(name)));
    }
  });
}
