import type { Evidence } from '../sbms/evidence.ts';
import type { Biometrics } from '../sbms/probe.ts';
import type { Sbms } from '../sbms/sbms.ts';
import type { BiometricSystem } from '../sbms/template.ts';
import type { CirRegister } from './cir.ts';
import type { FiledMatch, Found, Question } from './register.ts';

/** What a file of a source says of whom it is about, so that it can be another's. */
type Told = readonly ('document' | 'identity')[];

/** Which kinds of biometrics a file and a probe have in common, and which they do not. */
type Likeness = Pick<Evidence, 'agrees' | 'differs'>;
type Likenesses = ReadonlyMap<string, Likeness>;

/** How the files of one source are compared with a probe: one to many, and those already known one to one. */
export interface Matching {
  search(
    biometrics: Biometrics,
    kinds: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly files: Likenesses; readonly complete: boolean }>;
  compare(
    files: readonly string[],
    biometrics: Biometrics,
    kinds: readonly string[],
    signal: AbortSignal,
  ): Promise<Likenesses>;
}

/** Of a system whose files the matching service knows by their own references. */
export function matchingOf(sbms: Sbms, system: BiometricSystem): Matching {
  return {
    async search({ probe, asker }, _, signal) {
      const { candidates, complete } = await sbms.search(system, probe, asker, signal);
      return { files: new Map(candidates.map(({ file, ...likeness }) => [file, likeness])), complete };
    },
    compare: (files, { probe, asker }, _, signal) => sbms.compare(system, files, probe, asker, signal),
  };
}

/** Of the CIR, whose files are those of EES and VIS together: of the systems that may be seen, and no other (Art. 18). */
export function matchingOfCir(sbms: Sbms, cir: CirRegister): Matching {
  const systemsOf = (kinds: readonly string[]) => (['EES', 'VIS'] as const).filter((system) => kinds.includes(system));
  return {
    async search({ probe, asker }, kinds, signal) {
      const parts = await Promise.all(
        systemsOf(kinds).map(async (system) => {
          const { candidates, complete } = await sbms.search(system, probe, asker, signal);
          const owners = await cir.ownersOf(
            system,
            candidates.map(({ file }) => file),
          );
          const likenesses = candidates.flatMap((each) =>
            (owners.get(each.file) ?? []).map((owner) => [owner, each] as const),
          );
          return { likenesses, complete };
        }),
      );
      return {
        files: together(parts.flatMap(({ likenesses }) => likenesses)),
        complete: parts.every(({ complete }) => complete),
      };
    },
    async compare(references, { probe, asker }, kinds, signal) {
      const parts = await Promise.all(
        systemsOf(kinds).map(async (system) => {
          const owners = await cir.filesOf(system, references);
          const compared = await sbms.compare(system, [...owners.keys()], probe, asker, signal);
          return [...compared].flatMap(([file, each]) =>
            (owners.get(file) ?? []).map((owner) => [owner, each] as const),
          );
        }),
      );
      return together(parts.flat());
    },
  };
}

/**
 * Searches a register by all that a question has: documents and names as ever, and files that biometrics bring up. Each match says
 * what is another's of all that was asked and the register knows (`told`); with biometrics also what agrees, and files found
 * otherwise are compared one to one.
 */
export async function searchByAll(
  search: (question: Question) => Promise<FiledMatch[]>,
  told: Told,
  matching: Matching,
  { biometrics, document, identity, ...rest }: Question,
  signal: AbortSignal,
): Promise<Found> {
  const subject = { ...(document && { document }), ...(identity && { identity }) };
  // One way to look: what it brings up agrees.
  if (!biometrics && (!document || !identity || told.length < 2))
    return { matches: await search({ ...rest, ...subject }), complete: true };
  const { kinds } = rest;
  const [found, byDocument, byIdentity] = await Promise.all([
    biometrics ? matching.search(biometrics, kinds, signal) : { files: new Map<string, Likeness>(), complete: true },
    document ? search({ ...rest, document }) : [],
    identity ? search({ ...rest, identity }) : [],
  ]);
  const byBiometrics = found.files.size > 0 ? await search({ ...rest, files: [...found.files.keys()] }) : [];
  const filesOf = (matches: readonly FiledMatch[]) => new Set(matches.map(({ file }) => file));
  const [documents, identities] = [filesOf(byDocument), filesOf(byIdentity)];
  const others = [...new Set([...documents, ...identities])].filter((file) => !found.files.has(file));
  const compared = biometrics ? await matching.compare(others, biometrics, kinds, signal) : undefined;
  const matches = new Map([...byDocument, ...byIdentity, ...byBiometrics].map((match) => [match.file, match]));
  return {
    matches: Array.from(matches.values(), (match) => {
      const own = [match.file, ...(match.others ?? [])].flatMap(
        (file) => found.files.get(file) ?? compared?.get(file) ?? [],
      );
      const likeness = together(own.map((each) => [match.file, each] as const)).get(match.file);
      const agrees = [
        ...(documents.has(match.file) ? (['document'] as const) : []),
        ...(identities.has(match.file) ? (['identity'] as const) : []),
        ...(likeness?.agrees ?? []),
      ];
      const differs = [
        ...told.filter((part) => part in subject && !agrees.includes(part)),
        ...(likeness?.differs ?? []),
      ];
      return {
        ...match,
        hit: { ...match.hit, ...(biometrics && { agrees }), ...(differs.length > 0 && { differs }) },
      };
    }),
    complete: found.complete,
  };
}

/** Of several files of one person, what agrees in any agrees. */
function together(likenesses: readonly (readonly [string, Likeness])[]): Map<string, Likeness> {
  return new Map(
    [...Map.groupBy(likenesses, ([owner]) => owner)].map(([owner, own]) => {
      const agrees = new Set(own.flatMap(([, each]) => each.agrees));
      const differs = new Set(own.flatMap(([, each]) => each.differs.filter((kind) => !agrees.has(kind))));
      return [owner, { agrees: inOrder(agrees), differs: inOrder(differs) }];
    }),
  );
}

const inOrder = (kinds: ReadonlySet<'finger' | 'face'>) =>
  (['finger', 'face'] as const).filter((kind) => kinds.has(kind));
