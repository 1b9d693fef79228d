import { gateContract } from './gate-contract.ts';
import { imagerContract } from './imager-contract.ts';
import { readerContract } from './reader-contract.ts';
import { recordingContract } from './recording-contract.ts';
import type { Rung } from './rung.ts';
import { slapContract } from './slap-contract.ts';
import { uareuContract } from './uareu-contract.ts';

/** The contract of each device: calls node:test's `test` for whatever its driver must do on a rung. */
export const contracts = {
  imager: imagerContract,
  slap: slapContract,
  uareu: uareuContract,
  reader: readerContract,
  gate: gateContract,
  recording: recordingContract,
} as const satisfies Record<string, (rung: () => Rung) => void>;
