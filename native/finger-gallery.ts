import { type FingerPosition, type FingerTemplate, fingerPositions } from '../main/contract/biometrics.ts';
import { Fault } from '../main/contract/fault.ts';
import { fingerModel, isFingerModel } from './finger-model.ts';
import { Gallery } from './gallery.ts';
import { native, type NativeFingerGallery } from './native.ts';
import { fromGallery, searched } from './work.ts';

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

/**
 * Fingers by opaque id (1 to 255 bytes of UTF-8), in memory, to be searched one to many. A search sees the gallery as it was
 * when it began, whatever is updated meanwhile. Templates of another model or version are refused with
 * `template.incomparable`, records that do not read with `template.malformed`; a refused call changes nothing. What leaves
 * the gallery is overwritten as soon as no search sees it any more.
 */
export class FingerGallery extends Gallery<NativeFingerGallery> {
  constructor() {
    super(new (native().FingerGallery)(), `${fingerModel.model}/${fingerModel.version}`);
  }

  /** The memory that the fingers take, bytes. */
  get bytes(): number {
    return this.native.bytes();
  }

  /** Whether templates of this model and version can be added. */
  takes(made: { readonly model: string; readonly version: string }): boolean {
    return isFingerModel(made);
  }

  /** Adds fingers; an id may have many. One call for many fingers is much faster than many calls. */
  async add(fingers: readonly (GalleryFinger & { readonly id: string })[]): Promise<void> {
    const gallery = this.open();
    await fromGallery(gallery.add(fingers.map((finger) => ({ id: finger.id, ...entryOf(finger) }))));
  }

  /** The fingers take the place of all that an id had, in one step. */
  async replace(id: string, fingers: readonly GalleryFinger[]): Promise<void> {
    const gallery = this.open();
    await fromGallery(
      gallery.replace(
        id,
        fingers.map((finger) => ({ id, ...entryOf(finger) })),
      ),
    );
  }

  /**
   * The ids that the probes are most alike, best first, at most `k`, none that has nothing alike. Scores are exact; whether
   * an id is looked at exactly is decided by coarser means when the gallery holds over a thousand fingers
   * (docs/fingerprint-search.md). Faults: `template.incomparable` and `template.malformed` for a probe, `capture.cancelled`.
   */
  async search({ probes, k, signal }: GalleryQuery): Promise<readonly GalleryMatch[]> {
    const gallery = this.open();
    if (signal.aborted) throw new Fault('capture.cancelled');
    if (probes.length === 0) return [];
    return (await searched(gallery.search(probes.map(entryOf), k), signal)).hits;
  }
}

function entryOf({ position, template }: GalleryFinger): { position: number; record: Uint8Array } {
  if (!isFingerModel(template)) throw new Fault('template.incomparable');
  return { position: fingerPositions.indexOf(position), record: template.bytes };
}
