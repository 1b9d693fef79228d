import type { Language } from '../../main/contract/traveller.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import type { TravellerWords } from './traveller.ts';

/** What the traveller's screen says, by language. */
export const travellerWords: Readonly<Record<Language, TravellerWords>> = { en, fr, de, ar };
