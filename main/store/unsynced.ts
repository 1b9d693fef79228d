import { channel } from 'node:diagnostics_channel';

const unsynced = channel('limen.store.unsynced');

/** Tells that a sync of the store's file failed. */
export function tellUnsynced(): void {
  unsynced.publish(undefined);
}

/**
 * Hears, before the failed call returns, that the disk did not take what it was to take. What it holds is then known only to
 * who opens the store anew: the process is to be ended, and nothing is promised until the next one has read it back. Gives
 * the way to stop hearing.
 */
export function whenUnsynced(end: () => void): () => void {
  const hear = () => end();
  unsynced.subscribe(hear);
  return () => {
    unsynced.unsubscribe(hear);
  };
}
