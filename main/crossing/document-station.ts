import type { Reason } from '../contract/crossing.ts';
import type { TravelDocument } from '../contract/document.ts';
import { Fault } from '../contract/fault.ts';
import type { Devices } from '../devices/registry.ts';
import { isExpired } from '../document/date.ts';
import { type Check, type MrzReading, readMrz } from '../document/mrz.ts';
import { doubtfulFields } from '../document/ocr/doubtful-fields.ts';
import type { PageReading } from '../document/ocr/zone-reader.ts';
import { unknownStates } from '../document/states.ts';
import type { Event } from '../journey/journey.ts';
import type { Pages } from './pages.ts';
import { whenPresent } from './presence.ts';

/** Pictures with a zone that cannot be read, from a camera: by then it is the document, not the hand that moves it. */
const poorViews = 12;

export interface DocumentStation {
  /** Reads one document, with hints on the way. Gives `document-read` or `document-unread`, nothing when it was aborted. */
  read(signal: AbortSignal, send: (event: Event) => void): Promise<Event | undefined>;
}

export interface DocumentStationOptions {
  readonly devices: Pick<Devices, 'reader'>;
  /** Reads the zone off pictures, for readers that give pages. */
  readonly pages: Pages;
  /** Today at the border, `YYYY-MM-DD`. */
  readonly today: () => string;
  /** How long to wait for the portrait once the lines were read. */
  readonly portraitMs: number;
}

/** Reads the machine readable zone and the portrait; a reader that goes away is waited for. */
export function openDocumentStation({ devices, pages, today, portraitMs }: DocumentStationOptions): DocumentStation {
  const read = (document: TravelDocument, portrait?: Uint8Array): Event => {
    const reasons: Reason[] = isExpired(document, today()) ? [{ code: 'document-expired' }] : [];
    const unknown = unknownStates(document);
    if (unknown.length > 0) reasons.push({ code: 'document-state-unknown', detail: unknown.join(' ') });
    return { type: 'document-read', document, reasons, ...(portrait && { portrait }) };
  };

  /** The document on a picture, why it is none, or nothing where there is no zone at all; the picture is overwritten. */
  const look = async (bytes: Uint8Array, signal: AbortSignal): Promise<TravelDocument | Event | undefined> => {
    try {
      const reading = await pages.readPage(bytes, today(), signal);
      return reading.kind === 'unread' && reading.why === 'no-zone' ? undefined : surely(reading);
    } catch (error) {
      const { code } = Fault.from(error);
      if (code !== 'image.malformed') throw error;
      return unread(code);
    } finally {
      bytes.fill(0);
    }
  };
  const readPage = async (bytes: Uint8Array, signal: AbortSignal) => (await look(bytes, signal)) ?? unread('no-zone');

  const readOnce = async (signal: AbortSignal, send: (event: Event) => void) => {
    const reader = await devices.reader(signal);
    if (reader.gives.includes('page')) pages.warm();
    send({ type: 'document-hint', hint: 'place' });
    let document: TravelDocument | undefined;
    let poor = 0;
    let portraitDue: NodeJS.Timeout | undefined;
    const enough = new AbortController();
    try {
      for await (const event of reader.read({ signal: AbortSignal.any([signal, enough.signal]) })) {
        if (event.type === 'placed') send({ type: 'document-hint', hint: 'hold' });
        if (event.type === 'retry') send({ type: 'document-hint', hint: event.reason });
        if (event.type === 'view') {
          const seen = await look(event.bytes, signal);
          send({ type: 'document-hint', hint: seen ? 'hold' : 'place' });
          if (seen && !('type' in seen)) return read(seen);
          if (seen && ++poor >= poorViews) return seen;
        }
        if (event.type === 'portrait' && document) return read(document, event.bytes);
        if (event.type === 'removed') {
          if (document) return read(document);
          send({ type: 'document-hint', hint: 'place' });
        }
        if (document || (event.type !== 'lines' && event.type !== 'page')) continue;
        const found =
          event.type === 'lines' ? checked(readMrz(event.lines, today())) : await readPage(event.bytes, signal);
        if ('type' in found) return found;
        document = found;
        if (!reader.gives.includes('portrait')) return read(document);
        portraitDue = setTimeout(() => enough.abort(), portraitMs);
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

function unread(detail: string): Event {
  return { type: 'document-unread', reason: { code: 'document-unreadable', detail } };
}

/** The document that lines say, when every check digit holds. */
function checked(reading: MrzReading): TravelDocument | Event {
  if (reading.kind === 'read') return reading.document;
  if (reading.kind === 'malformed') return unread(reading.why);
  return failed(reading.document, reading.checks);
}

/** Names the check digits that fail, and what else was repaired. */
function failed(document: TravelDocument, checks: readonly Check[], repaired: readonly string[] = []): Event {
  const wrong = checks.filter(({ valid }) => !valid).map(({ field }) => field);
  const reason = { code: 'document-check-digit' as const, detail: [...wrong, ...repaired].join(' ').slice(0, 64) };
  return { type: 'document-unread', reason, document };
}

/** The document off a picture, when nothing in it had to be guessed. */
function surely(reading: PageReading): TravelDocument | Event {
  if (reading.kind === 'unread') {
    const { why, document, checks, repairs } = reading;
    if (document && checks) return failed(document, checks, doubtfulFields({ document, repairs, doubts: [] }));
    return unread(why);
  }
  const doubtful = doubtfulFields(reading);
  if (doubtful.length === 0) return reading.document;
  const reason = { code: 'document-doubtful' as const, detail: doubtful.join(' ').slice(0, 64) };
  return { type: 'document-unread', reason, document: reading.document };
}
