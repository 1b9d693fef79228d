import type { Language } from '../../main/contract/traveller.ts';
import type { SystemsWords } from './systems.ts';
import { systemsAr } from './systems-ar.ts';
import { systemsDe } from './systems-de.ts';
import { systemsEn } from './systems-en.ts';
import { systemsFr } from './systems-fr.ts';

/** What the guard's window says of the central systems, by language. */
export const systemsWords: Readonly<Record<Language, SystemsWords>> = {
  en: systemsEn,
  fr: systemsFr,
  de: systemsDe,
  ar: systemsAr,
};
