import { watch } from 'node:fs';

/** Tells of nodes that come and go in /dev. On a machine that cannot be watched the slow poll must do. */
export function watchDev(name: RegExp, trigger: () => void): () => void {
  try {
    // Every report written to a device also shows up as a 'change' of its node: only coming and going is of interest.
    const watcher = watch('/dev', { persistent: false }, (what, file) => {
      if (what === 'rename' && (!file || name.test(file))) trigger();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
