import { Fault } from '../../main/contract/fault.ts';
import { ListOperation } from '../../main/contract/watchlist.ts';
import type { AlertKinds } from '../registers/sis.ts';

/**
 * Reads a change to a list as whoever keeps the alerts writes it: a line of JSON, `{"put": …}` or `{"remove": "reference"}`, with
 * templates in base64. What is to be done about an alert that does not say follows from its category (esp.json, `alerts`).
 * Fault: `watchlist.malformed`.
 */
export function readChange(line: string, kinds: AlertKinds): ListOperation {
  try {
    const value = JSON.parse(line) as { put?: Record<string, unknown> };
    if (!value.put) return ListOperation.parse(value);
    const { category, fingers = [], faces = [], ...put } = value.put;
    const kind = Object.hasOwn(kinds, String(category)) ? kinds[String(category)] : {};
    return ListOperation.parse({
      put: {
        documents: [],
        identities: [],
        ...kind,
        ...put,
        category,
        fingers: unpacked(fingers),
        faces: unpacked(faces),
      },
    });
  } catch (cause) {
    throw new Fault('watchlist.malformed', 'a change that is none', { cause });
  }
}

function unpacked(templates: unknown): unknown {
  return (templates as { template: string }[]).map(({ template, ...more }) => ({
    ...more,
    template: new Uint8Array(Buffer.from(template, 'base64')),
  }));
}
