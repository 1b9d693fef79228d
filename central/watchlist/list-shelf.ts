import type { KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ListFolder } from './list-folder.ts';
import { publishTimestamp } from './publishing.ts';

const metadataName = /^(timestamp\.json|[1-9]\d{0,9}\.(root|snapshot|targets)\.json)$/;
const targetName = /^[0-9a-f]{64}\.[a-z0-9][a-z0-9.-]{0,62}$/;

/** A timestamp older than this is signed anew before it is handed out. */
const freshMs = 3_600_000;

/** Hands out a published list: signed metadata as it is, the files of the list from any byte on. */
export class ListShelf {
  readonly #folder: ListFolder;
  readonly #key: KeyObject;
  readonly #now: () => number;
  #signedAtMs = 0;

  constructor(folder: ListFolder, timestampKey: KeyObject, now: () => number) {
    this.#folder = folder;
    this.#key = timestampKey;
    this.#now = now;
  }

  /** Metadata, by its name. */
  metadata(name: string): Promise<Response> {
    if (!metadataName.test(name)) return Promise.resolve(nothing());
    if (name === 'timestamp.json') this.#refresh();
    return answer(this.#folder.file(name));
  }

  /** A file of the list, by its digest and name. `range` is the header of RFC 9110, section 14.2; of its forms `bytes=N-` is understood. */
  target(name: string, range: string | undefined): Promise<Response> {
    const from = /^bytes=(\d{1,15})-$/.exec(range ?? '')?.[1];
    return targetName.test(name)
      ? answer(this.#folder.file(join('targets', name)), from === undefined ? undefined : Number(from))
      : Promise.resolve(nothing());
  }

  #refresh(): void {
    const snapshot = this.#folder.snapshot();
    if (!snapshot || Math.abs(this.#now() - this.#signedAtMs) < freshMs) return;
    try {
      publishTimestamp(this.#folder, snapshot, this.#key, this.#now());
      this.#signedAtMs = this.#now();
    } catch {
      // The one before is handed out: kiosks see for themselves whether it will do.
    }
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
