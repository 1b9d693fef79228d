import { useLanguage } from '../parts/language.ts';
import type { GuardWords } from '../words/guard.ts';
import { guardWords } from '../words/staff-languages.ts';
import { systemsWords } from '../words/systems-languages.ts';
import type { SystemsWords } from '../words/systems.ts';

/** What the guard's window says, in the language it is read in. */
export function useWords(): GuardWords {
  return guardWords[useLanguage()];
}

/** What it says of the central systems. */
export function useSystemsWords(): SystemsWords {
  return systemsWords[useLanguage()];
}
