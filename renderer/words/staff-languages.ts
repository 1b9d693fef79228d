import type { Language } from '../../main/contract/traveller.ts';
import { guardAr } from './guard-ar.ts';
import { guardDe } from './guard-de.ts';
import { guardEn } from './guard-en.ts';
import { guardFr } from './guard-fr.ts';
import type { GuardWords } from './guard.ts';
import { technicianAr } from './technician-ar.ts';
import { technicianDe } from './technician-de.ts';
import { technicianEn } from './technician-en.ts';
import { technicianFr } from './technician-fr.ts';
import type { TechnicianWords } from './technician.ts';

/** What the guard's window says, by language. */
export const guardWords: Readonly<Record<Language, GuardWords>> = {
  en: guardEn,
  fr: guardFr,
  de: guardDe,
  ar: guardAr,
};

/** What the technician's window says, by language. */
export const technicianWords: Readonly<Record<Language, TechnicianWords>> = {
  en: technicianEn,
  fr: technicianFr,
  de: technicianDe,
  ar: technicianAr,
};

/** How a language is offered to staff: its own name, its direction, and the word for the choice. */
export const staffLanguages: Readonly<
  Record<Language, { readonly name: string; readonly dir: 'ltr' | 'rtl'; readonly choose: string }>
> = {
  en: { name: 'English', dir: 'ltr', choose: 'Language' },
  fr: { name: 'Français', dir: 'ltr', choose: 'Langue' },
  de: { name: 'Deutsch', dir: 'ltr', choose: 'Sprache' },
  ar: { name: 'العربية', dir: 'rtl', choose: 'اللغة' },
};
