import { native, type NativeFingerGallery } from './native.ts';
import { type FingerPosition, type FingerTemplate, fingerPositions } from '../main/contract/biometrics.ts';
import { Fault } from '../main/contract/fault.ts';
import { fromGallery, searched } from './work.ts';
import { fingerModel } from './finger-model.ts';

/** A finger of the gallery or of a search: its template, and which finger it is; `unknown` may be any. */
export interface GalleryFinger {
  readonly position: FingerPosition;
  readonly template: FingerTemplate;
}

/** What a gallery is searched with. Several probes are fingers of one person; an id that matches by more of them counts more. */
export interface GalleryQuery {
  readonly probes: readonly GalleryFinger[];
  /** How many ids at most. */
  readonly k: number;
  readonly signal: AbortSignal;
}

/** An id and its score: that of the finger, or, of several, their log odds added up, on the scale of `compareFingers`. */
export interface GalleryMatch {
  readonly id: string;
  readonly score: number;
}

const model = `${fingerModel.model}/${fingerModel.version}`;

/**
 * Fingers by opaque id (1 to 255 bytes of UTF-8), in memory, to be searched one to many. A search sees the gallery as it was
 * when it began, whatever is updated meanwhile. Templates of another model or version are refused with
 * `template.incomparable`, records that do not read with `template.malformed`; a refused call changes nothing. What leaves
 * the gallery is overwritten as soon as no search sees it any more.
 */
export class FingerGallery {
  readonly #native: NativeFingerGallery = new (native().FingerGallery)();
  #closed = false;

  /** How many fingers there are. */
  get size(): number {
    return this.#native.size();
  }

  /** The memory that the fingers take, bytes. */
  get bytes(): number {
    return this.#native.bytes();
  }

  /** Whether templates of this model and version can be added. */
  takes({ model: made, version }: { readonly model: string; readonly version: string }): boolean {
    return made === fingerModel.model && version === fingerModel.version;
  }

  /** Adds fingers; an id may have many. One call for many fingers is much faster than many calls. */
  async add(fingers: readonly (GalleryFinger & { readonly id: string })[]): Promise<void> {
    this.#mustBeOpen();
    await fromGallery(this.#native.add(fingers.map((finger) => ({ id: finger.id, ...entryOf(finger) }))));
  }

  /** The fingers take the place of all that an id had, in one step. */
  async replace(id: string, fingers: readonly GalleryFinger[]): Promise<void> {
    this.#mustBeOpen();
    await fromGallery(
      this.#native.replace(
        id,
        fingers.map((finger) => ({ id, ...entryOf(finger) })),
      ),
    );
  }

  /** Removes all fingers of an id; gives how many there were. */
  async remove(id: string): Promise<number> {
    this.#mustBeOpen();
    return fromGallery(this.#native.remove(id));
  }

  /**
   * The ids that the probes are most alike, best first, at most `k`, none that has nothing alike. Scores are exact; whether
   * an id is looked at exactly is decided by coarser means when the gallery holds over a thousand fingers
   * (docs/fingerprint-search.md). Faults: `template.incomparable` and `template.malformed` for a probe, `capture.cancelled`.
   */
  async search({ probes, k, signal }: GalleryQuery): Promise<readonly GalleryMatch[]> {
    this.#mustBeOpen();
    if (signal.aborted) throw new Fault('capture.cancelled');
    if (probes.length === 0) return [];
    return (await searched(this.#native.search(probes.map(entryOf), k), signal)).hits;
  }

  /**
   * The gallery as it is at the first step, as bytes in pieces of about a megabyte. They hold templates in the clear: the
   * caller encrypts them before they reach a disk, and overwrites each piece.
   */
  async *save(): AsyncGenerator<Uint8Array> {
    this.#mustBeOpen();
    const next = this.#native.save(model);
    for (;;) {
      const piece = await fromGallery(next());
      if (piece.length === 0) return;
      yield piece;
    }
  }

  /**
   * Puts what `save` gave, in pieces of any size, in the place of all that the gallery holds; when that fails it holds what
   * it held. Faults: `template.malformed` when anything is damaged or missing, `template.incomparable` when another model
   * or version made it.
   */
  async load(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    this.#mustBeOpen();
    const take = this.#native.load(model);
    for await (const piece of pieces) await fromGallery(take(piece));
    await fromGallery(take());
  }

  /** Overwrites everything; searches that run end as cancelled, and any other use is the fault `internal`. */
  close(): void {
    this.#closed = true;
    this.#native.close();
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Fault('internal', 'the gallery is closed');
  }
}

function entryOf({ position, template }: GalleryFinger): { position: number; record: Uint8Array } {
  if (template.model !== fingerModel.model || template.version !== fingerModel.version) {
    throw new Fault('template.incomparable');
  }
  return { position: fingerPositions.indexOf(position), record: template.bytes };
}
