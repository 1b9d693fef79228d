import { createContext, useContext } from 'react';
import type { Language } from '../../main/contract/traveller.ts';

/** The language that a staff window is read in. */
export const LanguageContext = createContext<Language>('en');

/** The language that this part of a staff window is read in. */
export function useLanguage(): Language {
  return useContext(LanguageContext);
}
