import assert from 'node:assert/strict';
import { test } from 'node:test';
import { performance, type PerformanceOptions } from '../../main/crossing/performance.ts';
import { openMeasures } from '../../main/diagnostics/measures.ts';
import type { Effect, Event } from '../../main/journey/journey.ts';
import { faceOf, finger, matched, travelDocument } from '../journey/events.ts';

test('what is captured after the traveller has left is overwritten and not heard', async () => {
  const [portrait, face] = [Uint8Array.of(1, 2, 3), faceOf(matched)];
  const brought: [Exclude<Effect, { do: 'wait' }>, Event][] = [
    [{ do: 'read-document' }, { type: 'document-read', document: travelDocument, reasons: [], portrait }],
    [
      { do: 'capture-face', portrait: undefined, attempt: 1 },
      { type: 'face-captured', face },
    ],
    [
      { do: 'capture-finger', position: 'right-index' },
      { type: 'finger-captured', finger },
    ],
  ];
  for (const [effect, event] of brought) {
    const left = new AbortController();
    const late = async () => {
      left.abort();
      return event;
    };
    const stations = { document: { read: late }, face: { capture: late }, finger: { capture: late } };
    const perform = performance({ ...stations, measures: openMeasures() } as unknown as PerformanceOptions);
    const heard: Event[] = [];
    await perform(effect, left.signal, (one) => heard.push(one));
    assert.deepEqual(heard, []);
  }
  const kept = [portrait, face.live.pixels, face.template.values, finger.image.pixels, finger.template.bytes];
  for (const bytes of kept) assert.ok(bytes.every((value) => value === 0));
});
