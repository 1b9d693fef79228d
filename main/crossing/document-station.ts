import type { TravelDocument } from '../contract/document.ts';
import { Fault } from '../contract/fault.ts';
import type { Devices } from '../devices/registry.ts';
import { isExpired } from '../document/date.ts';
import { readMrz } from '../document/mrz.ts';
import type { Event } from '../journey/journey.ts';

export interface DocumentStation {
  /** Reads one document; ends with `document-read` or `document-unread`. */
  read(signal: AbortSignal, send: (event: Event) => void): Promise<void>;
}

export interface DocumentStationOptions {
  readonly devices: Devices;
  /** Today at the border, `YYYY-MM-DD`. */
  today(): string;
  /** How long to wait for the portrait once the lines were read. */
  readonly portraitMs: number;
}

/** Reads the machine readable zone and the portrait; a reader that goes away is waited for. */
export function openDocumentStation({ devices, today, portraitMs }: DocumentStationOptions): DocumentStation {
  const readOnce = async (signal: AbortSignal, send: (event: Event) => void) => {
    const reader = await devices.reader(signal);
    send({ type: 'document-hint', hint: 'place' });
    let document: TravelDocument | undefined;
    const enough = new AbortController();
    const until = AbortSignal.any([signal, enough.signal]);
    let portraitDue: NodeJS.Timeout | undefined;
    const read = (portrait?: Uint8Array) => {
      if (!document) return false;
      const reasons = isExpired(document, today()) ? [{ code: 'document-expired' as const }] : [];
      send({ type: 'document-read', document, reasons, ...(portrait && { portrait }) });
      return true;
    };
    try {
      for await (const event of reader.read({ signal: until })) {
        if (event.type === 'placed') send({ type: 'document-hint', hint: 'hold' });
        if (event.type === 'retry') send({ type: 'document-hint', hint: event.reason });
        if (event.type === 'removed') {
          if (read()) return;
          send({ type: 'document-hint', hint: 'place' });
        }
        if (event.type === 'portrait' && read(event.bytes)) return;
        if (event.type === 'lines') {
          const reading = readMrz(event.lines, today());
          if (reading.kind === 'malformed') {
            send({ type: 'document-unread', reason: { code: 'document-unreadable', detail: reading.why } });
            return;
          }
          if (reading.kind === 'check-digit') {
            const wrong = reading.checks.filter(({ valid }) => !valid).map(({ field }) => field);
            const reason = { code: 'document-check-digit' as const, detail: wrong.join(' ').slice(0, 64) };
            send({ type: 'document-unread', reason, document: reading.document });
            return;
          }
          document = reading.document;
          portraitDue = setTimeout(() => enough.abort(), portraitMs);
        }
      }
    } catch (error) {
      if (!enough.signal.aborted) throw error;
    } finally {
      clearTimeout(portraitDue);
    }
    if (!signal.aborted) read();
  };

  return {
    read: (signal, send) =>
      untilPresent(
        () => readOnce(signal, send),
        () => send({ type: 'document-hint', hint: 'wait' }),
        signal,
      ),
  };
}

/** Does the work again each time its device goes away and comes back; other faults end it. */
export async function untilPresent(work: () => Promise<void>, away: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      const { code } = Fault.from(error);
      if (signal.aborted || code === 'capture.cancelled') return;
      if (code !== 'device.absent') throw error;
      away();
    }
  }
}
