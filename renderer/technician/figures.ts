import type { Language } from '../../main/contract/traveller.ts';
import { figure, localeOf } from '../words/phrase.ts';

/** A number of bytes in the largest unit that leaves it at least one. */
export function bytesFigure(bytes: number, language: Language): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return figure(localeOf(language), value, { style: 'unit', unit: units[power] ?? 'byte', maximumFractionDigits: 1 });
}

/** A length of time in its two largest units. */
export function ageFigure(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(whole / 86_400), 'day'],
    [Math.floor(whole / 3600) % 24, 'hour'],
    [Math.floor(whole / 60) % 60, 'minute'],
    [whole % 60, 'second'],
  ];
  const first = parts.findIndex(([value], index) => value > 0 || index === parts.length - 1);
  return parts
    .slice(first, first + 2)
    .filter(([value], index) => index === 0 || value > 0)
    .map(([value, unit]) => figure(localeOf(language), value, { style: 'unit', unit, unitDisplay: 'short' }))
    .join(' ');
}

/** A fault's words by its code; a code not in the table is shown as it is. */
export function faultWords(faults: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(faults, code) ? `${faults[code] ?? ''} (${code})` : code;
}

/** A day, by UTC, from milliseconds since 1970. */
export function dayFigure(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
