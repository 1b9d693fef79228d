import { hash, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ListFolder } from './list-folder.ts';
import { signTimestamp } from './publishing.ts';

const metadataName = /^(timestamp\.json|[1-9]\d{0,9}\.(root|snapshot|targets)\.json)$/;
const targetName = /^[0-9a-f]{64}\.[a-z0-9][a-z0-9.-]{0,62}$/;

/** A timestamp that was signed longer ago is signed anew before it is handed out. */
const freshMs = 3_600_000;

/** Hands out a published list: signed metadata as it is, the files of the list from any byte on. */
export class ListShelf {
  readonly #folder: ListFolder;
  readonly #key: KeyObject;
  readonly #now: () => number;
  /** A timestamp of central's own, the one of the publisher that it stands for, and when it was signed. */
  #own: { readonly bytes: Uint8Array; readonly of: string; readonly atMs: number } | undefined;

  constructor(folder: ListFolder, timestampKey: KeyObject, now: () => number) {
    this.#folder = folder;
    this.#key = timestampKey;
    this.#now = now;
  }

  /** Metadata, by its name. */
  metadata(name: string): Promise<Response> {
    if (!metadataName.test(name)) return Promise.resolve(nothing());
    if (name === 'timestamp.json') return Promise.resolve(this.#timestamp());
    return answer(this.#folder.file(name));
  }

  /** A file of the list, by its digest and name. `range` is the header of RFC 9110, section 14.2; of its forms `bytes=N-` is understood. */
  target(name: string, range: string | undefined): Promise<Response> {
    const from = /^bytes=(\d{1,15})-$/.exec(range ?? '')?.[1];
    return targetName.test(name)
      ? answer(this.#folder.file(join('targets', name)), from === undefined ? undefined : Number(from))
      : Promise.resolve(nothing());
  }

  /** Kept in memory: what lies in the folder only those write who publish. */
  #timestamp(): Response {
    const [published, snapshot] = [this.#folder.timestamp(), this.#folder.snapshot()];
    if (!published || !snapshot) return nothing();
    const of = hash('sha256', published.bytes);
    const isFresh = this.#own?.of === of && Math.abs(this.#now() - this.#own.atMs) < freshMs;
    if (!isFresh) {
      try {
        const { bytes } = signTimestamp(this.#folder, snapshot, this.#key, this.#now());
        this.#own = { bytes, of, atMs: this.#now() };
      } catch {
        // The one of the publisher is handed out: kiosks see for themselves whether it will do.
        this.#own = { bytes: published.bytes, of, atMs: this.#now() };
      }
    }
    return new Response(new Uint8Array(this.#own!.bytes), { headers: { 'content-type': 'application/json' } });
  }
}

async function answer(path: string, from?: number): Promise<Response> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch {
    return nothing();
  }
  const { size } = await file.stat();
  if (from !== undefined && from >= size) {
    await file.close();
    return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}` } });
  }
  const bytes = createReadStream(path, { fd: file, start: from ?? 0 });
  return new Response(Readable.toWeb(bytes) as ReadableStream<Uint8Array>, {
    status: from === undefined ? 200 : 206,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(size - (from ?? 0)),
      'accept-ranges': 'bytes',
      ...(from !== undefined && { 'content-range': `bytes ${from}-${size - 1}/${size}` }),
    },
  });
}

const nothing = () => new Response(null, { status: 404 });
