import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { extractFinger } from '../../main/biometrics/finger/finger.ts';
import type { FingerTemplate } from '../../main/contract/biometrics.ts';
import { fingerImageName, readFingerImage } from './finger-image.ts';

/** One impression of a finger, by its file's name. */
export interface Sample {
  readonly name: string;
  readonly finger: number;
  readonly impression: number;
  readonly template: FingerTemplate;
}

/** One that was read from an image; its quality is 0 to 100. */
export interface ReadSample extends Sample {
  readonly quality: number;
}

/** What the images of a folder gave; a failure is an image without any minutia. */
export interface Folder {
  readonly name: string;
  readonly samples: readonly ReadSample[];
  readonly failures: readonly string[];
  readonly extractMs: number;
}

/**
 * Extracts all images of a folder, `<finger>_<impression>.png` (or .wsq, .bmp, .tif). The folder may be named with its
 * images' resolution, `DIR@569`, which then stands above what the files tell. Throws when it holds none.
 */
export async function readFolder(argument: string): Promise<Folder> {
  const { dir, dpi } = parse(argument);
  const samples: ReadSample[] = [];
  const failures: string[] = [];
  let extractMs = 0;
  const files = listing(dir);
  for (const [at, file] of files.entries()) {
    const image = await readFingerImage(join(dir, file), dpi);
    const started = performance.now();
    const { template, minutiae, quality } = await extractFinger(image);
    extractMs += performance.now() - started;
    if (minutiae === 0) failures.push(file);
    const [finger, impression] = file.split(/[_.]/).map(Number);
    samples.push({ name: file, finger: finger ?? 0, impression: impression ?? 0, template, quality });
    progress(`${dir}: image ${at + 1} of ${files.length}`, at + 1, files.length);
  }
  return { name: basename(dir), samples, failures, extractMs };
}

/** A line on the error output for each hundredth of long work. */
export function progress(text: string, done: number, all: number): void {
  if (all >= 1000 && done % Math.ceil(all / 100) === 0) process.stderr.write(`${text}\n`);
}

function listing(dir: string): string[] {
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch {
    throw new Error(`${dir}: no such folder`);
  }
  const files = names.filter((name) => fingerImageName.test(name));
  if (files.length === 0) throw new Error(`${dir}: no images named <finger>_<impression>.png`);
  return files.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function parse(argument: string): { readonly dir: string; readonly dpi?: number } {
  const [, dir = argument, dpi] = /^(.+)@(\d+)$/.exec(argument) ?? [];
  return dpi === undefined ? { dir } : { dir, dpi: Number(dpi) };
}
