import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Puts a file in place whole or not at all, its owner's only; on the disk when it returns. */
export function writeDurably(file: string, content: Uint8Array | string): void {
  const draft = `${file}.${process.pid}.draft`;
  try {
    const descriptor = openSync(draft, 'w', 0o600);
    try {
      writeSync(descriptor, Buffer.from(content));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, file);
    syncFolder(file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Overwrites a file and removes it. A disk that moves what it rewrites, as flash does, may keep the old bytes somewhere. */
export function eraseFile(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    writeSync(descriptor, Buffer.alloc(statSync(file).size), 0, undefined, 0);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  rmSync(file);
  syncFolder(file);
}

/** The content of a file; undefined where there is none. */
export function readIfThere(file: string): Buffer | undefined {
  return statSync(file, { throwIfNoEntry: false }) && readFileSync(file);
}

/** Makes the name of a file in its folder durable. */
export function syncFolder(file: string): void {
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}
