import { faultsOf } from '../../../native/work.ts';

/** Waits for work of the addon and gives what it rejects with as a fault: `image.malformed`, `template.malformed` or `internal`. */
export function typed<T>(work: Promise<T>): Promise<T> {
  return faultsOf(work, ['image.malformed', 'template.malformed']);
}
