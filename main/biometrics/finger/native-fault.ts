import { Fault, type FaultCode } from '../../contract/fault.ts';

/** Waits for work of the addon and gives what it rejects with as a fault: `image.malformed`, `template.malformed` or `internal`. */
export async function typed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const expected: readonly FaultCode[] = ['image.malformed', 'template.malformed'];
    throw Fault.from(error, expected.find((known) => known === code) ?? 'internal');
  }
}
