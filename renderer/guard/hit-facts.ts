import type { SearchHit } from '../../main/contract/search.ts';
import type { Language } from '../../main/contract/traveller.ts';
import { figure, localeOf } from '../words/phrase.ts';
import { systemsWords } from '../words/systems-languages.ts';

/** A fact of a hit: `main` is read at a glance, `bad` asks for something. */
export interface HitFact {
  readonly label: string;
  readonly value: string;
  readonly weight: 'main' | 'plain' | 'bad';
}

/** A day in words of the language, in the calendar of documents. */
export function dayIn(language: Language, day: string): string {
  const format = { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric', calendar: 'gregory' } as const;
  return new Intl.DateTimeFormat(localeOf(language), format).format(Date.parse(`${day}T00:00:00Z`));
}

/** The time of day, by twenty-four hours. */
export function clockTime(at: string, language: Language): string {
  return new Date(at).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** What a hit says, what is looked for first at the front: the stay, what is valid until when, references last. */
export function hitFacts(hit: SearchHit, language: Language): readonly HitFact[] {
  const words = systemsWords[language];
  const say = words.facts;
  const facts: HitFact[] = [];
  const add = (label: string, value: string | number | undefined, weight: HitFact['weight'] = 'plain') => {
    if (value === undefined || value === '') return;
    facts.push({ label, value: typeof value === 'number' ? figure(language, value) : value, weight });
  };
  const day = (value: string | undefined) => value && dayIn(language, value);
  if (hit.differs) add(say.differs, hit.differs.map((part) => say[part]).join(', '), 'bad');
  switch (hit.source) {
    case 'EES': {
      const stay = hit.facts;
      add(say.daysLeft, stay.daysLeft, stay.daysLeft > 0 ? 'main' : 'bad');
      add(say.used, stay.usedDays, 'main');
      if (stay.overBy > 0) add(say.overBy, stay.overBy, 'bad');
      if (stay.unlawfulDays > 0) add(say.unlawful, stay.unlawfulDays, 'bad');
      add(say.authorisedUntil, day(stay.authorisedUntil));
      add(say.insideSince, day(stay.insideSince));
      add(say.lastDay, day(stay.lastDay));
      if (stay.refusals > 0) add(say.refusals, stay.refusals, 'bad');
      if (stay.incomplete) facts.push({ label: say.incomplete, value: '', weight: 'bad' });
      break;
    }
    case 'VIS': {
      const { sticker, validFrom, validUntil, days, entries } = hit.facts;
      add(say.valid, `${dayIn(language, validFrom)} – ${dayIn(language, validUntil)}`, 'main');
      add(say.stayDays, days);
      add(say.entries, entries === 'many' ? say.many : entries);
      add(say.sticker, sticker);
      break;
    }
    case 'ETIAS':
      add(say.validUntil, day(hit.facts.validUntil), 'main');
      break;
    case 'CIR': {
      const { files, links = [] } = hit.facts;
      const open = links.filter(({ colour }) => colour === 'yellow' || colour === 'red');
      add(say.links, links.map(({ colour }) => words.colours[colour]).join(', '), open.length > 0 ? 'bad' : 'plain');
      add(say.files, files.map(({ system, reference }) => `${system} ${reference}`).join(', '));
      break;
    }
    case 'SIS':
    case 'SLTD':
      break;
  }
  if ('reference' in hit.facts) add(say.reference, hit.facts.reference);
  return facts;
}
