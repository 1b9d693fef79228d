import type { DocumentFormat } from '../../contract/document.ts';
import { type Layout, layouts, type Place } from '../layout.ts';
import { type Check, checksOf } from '../mrz.ts';
import { isKnownState } from '../states.ts';
import type { Cells } from './cells.ts';
import { characters } from './recogniser.ts';

/**
 * A character that was read otherwise than it is given: where, counted from 0, what stood there, and what speaks against it: its
 * position does not allow it, it makes a state that no list knows, or a check digit fails.
 */
export interface Repair {
  readonly line: number;
  readonly at: number;
  readonly read: string;
  readonly given: string;
  readonly by: 'type' | 'state' | 'check-digit';
}

/** Lines with what had to be repaired in them. */
export interface Repaired {
  readonly lines: readonly string[];
  readonly repairs: readonly Repair[];
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ<';
const digits = '0123456789';

/** Characters of OCR-B that are taken for one another. */
const lookalikes = ['0OQD', '1IL', '2Z', '4A', '5S', '6G', '7T', '8B', 'MN', 'VY', 'CG', 'UV', 'EF', 'PR'];
/** A network that is sure of O or of 0 is not to be believed: what it costs at most to give the other. */
const mostZeroCost = 2.5;

/** A change of one character, and how much less likely it is than what was read. */
interface Change {
  readonly line: number;
  readonly at: number;
  readonly given: string;
  readonly cost: number;
}

/** What stands for a character that its position does not allow must be this likely, or look like it. */
const leastOdds = 0.03;
/** Repairs by check digits: the most changes, the most they may cost together, and how much dearer the next best must be. */
const mostChanges = 2;
const mostCost = 9;
const leastLead = 1.2;

/**
 * The characters that may stand at each position of a format, line by line (ICAO Doc 9303 parts 4 to 7): letters, digits,
 * or both; filler counts as a letter, and as a digit where a date or a check digit may be left out.
 */
export function typesOf(format: DocumentFormat): readonly (readonly string[])[] {
  const layout = layouts[format];
  const types = Array.from({ length: layout.lines }, () => Array.from({ length: layout.length }, () => characters));
  const set = ([line, start, end]: Place, allowed: string) => types[line]!.fill(allowed, start, end);
  const digit = ([line, , end]: Place): Place => [line, end, end + 1];
  set([0, 0, 1], layout.codes);
  set([0, 1, 2], letters);
  for (const place of [layout.issuingState, layout.name, layout.nationality]) set(place, letters);
  set(layout.birthDate, `${digits}<`);
  set(digit(layout.birthDate), `${digits}<`);
  set(layout.expiryDate, digits);
  set(digit(layout.expiryDate), digits);
  set(digit(layout.number), layout.overflow ? `${digits}<` : digits);
  set(layout.sex, 'MF<');
  if (layout.optionalCheck) set(layout.optionalCheck, `${digits}<`);
  if (layout.composite) set(layout.composite.digit, digits);
  return types;
}

/**
 * Repairs what was read of a zone of this format, and reports every change: a character that its position does not allow
 * becomes the likeliest that it does; a state that no list knows becomes one that is, if the network thought of it; where
 * check digits fail, the likeliest change of two characters at most that makes
 * all of them hold is made, if no other is nearly as likely. Differences that check digits cannot see, such as 6 and G
 * (ten apart), are never repaired by them.
 */
export function repair(zone: readonly Cells[], read: readonly string[], format: DocumentFormat): Repaired {
  const types = typesOf(format);
  const layout = layouts[format];
  const repairs = new Map<string, Repair>();
  let lines = read;
  const amend = (changes: readonly Change[], by: Repair['by']) => {
    for (const { line, at, given } of changes) {
      repairs.set(`${line} ${at}`, { line, at, read: read[line]!.charAt(at), given, by });
    }
    lines = change(lines, changes);
  };
  const misplaced = read.flatMap((text, line) =>
    Array.from(text).flatMap((character, at): Change[] => {
      const allowed = types[line]![at]!;
      if (allowed.includes(character)) return [];
      const given = likeliestOf(allowed, zone[line]!.odds[at]!, character);
      return given === undefined ? [] : [{ line, at, given, cost: 0 }];
    }),
  );
  amend(misplaced, 'type');
  for (const place of [layout.issuingState, layout.nationality])
    amend(nameState(zone, lines, read, types, place), 'state');
  if (!holds(lines, layout)) amend(findChanges(zone, lines, types, layout) ?? [], 'check-digit');
  return { lines, repairs: [...repairs.values()] };
}

/**
 * Changes that make a code that no list knows one that is known: among characters that the network thought of or, where
 * another was not allowed, that look like it; none where no code is likelier than all others.
 */
function nameState(
  zone: readonly Cells[],
  lines: readonly string[],
  read: readonly string[],
  types: ReturnType<typeof typesOf>,
  place: Place,
): Change[] {
  const [line, start, end] = place;
  const codeOf = (text: string) => text.slice(start, end).replace(/<+$/, '');
  if (isKnownState(codeOf(lines[line]!))) return [];
  const readings = Array.from({ length: end - start }, (_, index) => {
    const at = start + index;
    const [seen, now, odds] = [read[line]!.charAt(at), lines[line]!.charAt(at), zone[line]!.odds[at]!];
    const likely = (character: string) => odds[characters.indexOf(character)]!;
    return Array.from(types[line]![at]!)
      .filter((given) => given === now || likely(given) >= leastOdds || (seen !== now && lookAlike(given, seen)))
      .map((given): Change => ({ line, at, given, cost: Math.max(0, Math.log(likely(seen) / likely(given))) }));
  });
  const found = readings
    .reduce<Change[][]>((codes, next) => codes.flatMap((code) => next.map((one) => [...code, one])), [[]])
    .filter((code) => isKnownState(codeOf(change(lines, code)[line]!)))
    .map((code) => ({ code, cost: code.reduce((sum, { cost }) => sum + cost, 0) }))
    .toSorted((one, other) => one.cost - other.cost);
  const [best, second] = found;
  if (!best || (second && second.cost - best.cost < leastLead)) return [];
  return best.code.filter(({ at, given }) => lines[line]!.charAt(at) !== given);
}

function likeliestOf(allowed: string, odds: Float32Array, instead: string): string | undefined {
  // Filler looks like nothing else: where it cannot be, the line is shifted rather than misread.
  if (instead === '<') return undefined;
  const likely = (character: string) => odds[characters.indexOf(character)]!;
  const [best] = Array.from(allowed)
    .filter((character) => lookAlike(character, instead) || likely(character) >= leastOdds)
    .toSorted((one, other) => likely(other) - likely(one));
  return best;
}

function lookAlike(one: string, other: string): boolean {
  return lookalikes.some((group) => group.includes(one) && group.includes(other));
}

function failing(lines: readonly string[], layout: Layout): Check[] {
  return checksOf(lines, layout).filter(({ valid }) => !valid);
}

function holds(lines: readonly string[], layout: Layout): boolean {
  return failing(lines, layout).length === 0;
}

function change(lines: readonly string[], changes: readonly Change[]): string[] {
  return lines.map((text, line) =>
    changes
      .filter((one) => one.line === line)
      .reduce((before, { at, given }) => before.slice(0, at) + given + before.slice(at + 1), text),
  );
}

/** The one cheapest set of changes after which every check digit holds. */
function findChanges(
  zone: readonly Cells[],
  lines: readonly string[],
  types: ReturnType<typeof typesOf>,
  layout: Layout,
): Change[] | undefined {
  const possible = possibleChanges(zone, lines, types, layout);
  // One check digit proves one change; two failing ones may prove two.
  const most = Math.min(
    mostChanges,
    Math.max(1, failing(lines, layout).filter(({ field }) => field !== 'composite').length),
  );
  const found: { changes: Change[]; cost: number }[] = [];
  const tryOut = (changes: Change[], from: number) => {
    const cost = changes.reduce((sum, one) => sum + one.cost, 0);
    if (cost > mostCost) return;
    if (changes.length > 0 && holds(change(lines, changes), layout)) {
      found.push({ changes, cost });
      return;
    }
    if (changes.length === most) return;
    for (let next = from; next < possible.length; next++) {
      const one = possible[next]!;
      if (!changes.some(({ line, at }) => line === one.line && at === one.at)) tryOut([...changes, one], next + 1);
    }
  };
  tryOut([], 0);
  const [best, second] = found.toSorted((one, other) => one.cost - other.cost);
  return best && (!second || second.cost - best.cost >= leastLead) ? best.changes : undefined;
}

/** Other readings of the characters that check digits guard, and of the check digits: lookalikes, and what the network thought of. */
function possibleChanges(
  zone: readonly Cells[],
  lines: readonly string[],
  types: ReturnType<typeof typesOf>,
  layout: Layout,
): Change[] {
  const wrong = failing(lines, layout);
  const whole = (place: Place): Place => [place[0], place[1], place[2] + 1];
  const guarded: Place[] = wrong.flatMap(({ field }) => {
    switch (field) {
      case 'number':
        return layout.overflow ? [whole(layout.number), layout.optional[0]!] : [whole(layout.number)];
      case 'birth-date':
        return [whole(layout.birthDate)];
      case 'expiry-date':
        return [whole(layout.expiryDate)];
      case 'optional-data':
        return [...layout.optional, layout.optionalCheck!];
      case 'composite':
        return wrong.length > 1 ? [layout.composite!.digit] : [...layout.composite!.over, layout.composite!.digit];
    }
  });
  const changes = new Map<string, Change>();
  for (const [line, start, end] of guarded) {
    for (let at = start; at < end; at++) {
      const now = lines[line]!.charAt(at);
      const odds = zone[line]!.odds[at]!;
      const before = Math.max(odds[characters.indexOf(now)]!, 1e-4);
      for (const given of types[line]![at]!) {
        const after = Math.max(odds[characters.indexOf(given)]!, 1e-3);
        if (given === now || (!lookAlike(given, now) && after < leastOdds)) continue;
        const zero = '0O'.includes(given) && '0O'.includes(now);
        const cost = Math.min(zero ? mostZeroCost : Infinity, Math.max(0, Math.log(before / after)));
        changes.set(`${line} ${at} ${given}`, { line, at, given, cost });
      }
    }
  }
  return [...changes.values()].toSorted((one, other) => one.cost - other.cost).slice(0, 40);
}
