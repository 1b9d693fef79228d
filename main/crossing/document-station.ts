import type { TravelDocument } from '../contract/document.ts';
import type { Devices } from '../devices/registry.ts';
import { isExpired } from '../document/date.ts';
import { type MrzReading, readMrz } from '../document/mrz.ts';
import type { Event } from '../journey/journey.ts';
import { whenPresent } from './presence.ts';

export interface DocumentStation {
  /** Reads one document, with hints on the way. Gives `document-read` or `document-unread`, nothing when it was aborted. */
  read(signal: AbortSignal, send: (event: Event) => void): Promise<Event | undefined>;
}

export interface DocumentStationOptions {
  readonly devices: Devices;
  /** Today at the border, `YYYY-MM-DD`. */
  readonly today: () => string;
  /** How long to wait for the portrait once the lines were read. */
  readonly portraitMs: number;
}

/** Reads the machine readable zone and the portrait; a reader that goes away is waited for. */
export function openDocumentStation({ devices, today, portraitMs }: DocumentStationOptions): DocumentStation {
  const read = (document: TravelDocument, portrait?: Uint8Array): Event => {
    const reasons = isExpired(document, today()) ? [{ code: 'document-expired' as const }] : [];
    return { type: 'document-read', document, reasons, ...(portrait && { portrait }) };
  };

  const readOnce = async (signal: AbortSignal, send: (event: Event) => void) => {
    const reader = await devices.reader(signal);
    send({ type: 'document-hint', hint: 'place' });
    let document: TravelDocument | undefined;
    let portraitDue: NodeJS.Timeout | undefined;
    const enough = new AbortController();
    try {
      for await (const event of reader.read({ signal: AbortSignal.any([signal, enough.signal]) })) {
        if (event.type === 'placed') send({ type: 'document-hint', hint: 'hold' });
        if (event.type === 'retry') send({ type: 'document-hint', hint: event.reason });
        if (event.type === 'portrait' && document) return read(document, event.bytes);
        if (event.type === 'removed') {
          if (document) return read(document);
          send({ type: 'document-hint', hint: 'place' });
        }
        if (event.type === 'lines') {
          const reading = readMrz(event.lines, today());
          if (reading.kind !== 'read') return unread(reading);
          document = reading.document;
          portraitDue = setTimeout(() => enough.abort(), portraitMs);
        }
      }
    } catch (error) {
      if (!enough.signal.aborted || !document) throw error;
    } finally {
      clearTimeout(portraitDue);
    }
    return document && read(document);
  };

  return {
    read: (signal, send) =>
      whenPresent(
        () => readOnce(signal, send),
        () => send({ type: 'document-hint', hint: 'wait' }),
        signal,
      ),
  };
}

function unread(reading: Exclude<MrzReading, { kind: 'read' }>): Event {
  if (reading.kind === 'malformed')
    return { type: 'document-unread', reason: { code: 'document-unreadable', detail: reading.why } };
  const wrong = reading.checks.filter(({ valid }) => !valid).map(({ field }) => field);
  const reason = { code: 'document-check-digit' as const, detail: wrong.join(' ').slice(0, 64) };
  return { type: 'document-unread', reason, document: reading.document };
}
