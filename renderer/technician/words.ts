import { useLanguage } from '../parts/language.ts';
import { technicianWords } from '../words/staff-languages.ts';
import type { TechnicianWords } from '../words/technician.ts';

/** What the technician's window says, in the language it is read in. */
export function useWords(): TechnicianWords {
  return technicianWords[useLanguage()];
}
