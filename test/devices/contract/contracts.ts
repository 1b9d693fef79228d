import { gateContract } from './gate-contract.ts';
import { imagerContract } from './imager-contract.ts';
import { readerContract } from './reader-contract.ts';
import type { Rung } from './rung.ts';

/** Every contract, on a rung that has all buses. */
export function everyContract(rung: () => Rung): void {
  imagerContract(rung);
  readerContract(rung);
  gateContract(rung);
}
