import type { Database } from '../sql.ts';
import { compareWith } from './comparison.ts';
import { type Evidence, evidenceOf, isCandidate, type Scores } from './evidence.ts';
import type { Probe } from './probe.ts';
import type { Asker, SbmsLog, UseLine } from './sbms-log.ts';
import { SharedWork } from './shared-work.ts';
import { type FoundAlike, SystemGallery } from './system-gallery.ts';
import {
  type BiometricKind,
  type BiometricSystem,
  biometricSystems,
  faceModelOf,
  isSound,
  type StoredTemplate,
} from './template.ts';
import { Templates } from './templates.ts';

/** What a deployment decides about matching (Reg. (EU) 2019/817 Art. 13(3), 37(4): what quality is asked for is set by others). */
export interface SbmsRules {
  /** The least quality of an image whose template is stored, or whose finding nothing means that there is nothing. */
  readonly leastQuality: Readonly<Record<BiometricKind, number>>;
  /** Memory that the templates of one system may take. */
  readonly maxGalleryBytes: number;
}

/** What the service is made of. */
export interface SbmsOptions {
  readonly log: SbmsLog;
  readonly rules: SbmsRules;
  readonly now: () => Date;
}

/** A file that a probe is like, and how. */
export interface Candidate extends Evidence {
  readonly file: string;
}

/** The files of a system that a probe is like, the likest first. */
export interface Candidates {
  readonly candidates: readonly Candidate[];
  /** Everything that can be asked was compared with all of the probe; without it, nothing found says nothing. */
  readonly complete: boolean;
}

/** Of either kind so many files are looked at more closely; never so many are really alike. */
const mostAlike = 100;
const nothing: FoundAlike = { alike: [], complete: true };

/**
 * The shared biometric matching service (Reg. (EU) 2019/817, chapter III): templates of each system apart, each with the file
 * it comes from, compared one to one and one to many. It gives files that a person is to judge, and no verdict.
 */
export class Sbms {
  readonly #templates: Templates;
  readonly #log: SbmsLog;
  readonly #rules: SbmsRules;
  readonly #now: () => Date;
  readonly #galleries: ReadonlyMap<BiometricSystem, SystemGallery>;
  readonly #searches = new WeakMap<Probe, Map<BiometricSystem, SharedWork<Candidates>>>();

  private constructor(templates: Templates, { log, rules, now }: SbmsOptions) {
    [this.#templates, this.#log, this.#rules, this.#now] = [templates, log, rules, now];
    this.#galleries = new Map(
      biometricSystems.map((system) => [system, new SystemGallery(system, templates, rules.maxGalleryBytes)]),
    );
  }

  /** Opens it, and begins to read templates into memory; until they are there, answers are not complete. */
  static async open(database: Database, options: SbmsOptions): Promise<Sbms> {
    const sbms = new Sbms(await Templates.open(database), options);
    for (const gallery of sbms.#galleries.values()) await gallery.refresh();
    return sbms;
  }

  /**
   * Puts templates in the place of all of their kind that a file has; those of images that are not good enough, or that are not
   * what they say, are left out. Gives how many are stored. Within the transaction of the file itself; `follow` comes after.
   */
  async store(
    system: BiometricSystem,
    file: string,
    kind: BiometricKind,
    templates: readonly Omit<StoredTemplate, 'kind'>[],
  ): Promise<number> {
    const own = templates.map((each) => ({ ...each, kind })).filter((each) => this.isGood(kind, each.quality));
    const sound = await Promise.all(own.map(isSound));
    const kept = own.filter((_, i) => sound[i]);
    await this.#templates.put(system, file, kind, kept);
    const made = [...new Set(kept.map(({ model, version }) => `${model}/${version}`))];
    await this.#log.append({ at: this.#at(), event: 'stored', system, file, kind, count: kept.length, made });
    return kept.length;
  }

  isGood(kind: BiometricKind, quality: number): boolean {
    return quality >= this.#rules.leastQuality[kind];
  }

  /** Deletes the templates of a file, within the transaction that deletes the file; `follow` takes them out of memory. */
  async erase(system: BiometricSystem, file: string): Promise<number> {
    const count = await this.#templates.erase(system, file);
    if (count > 0) await this.#log.append({ at: this.#at(), event: 'erased', system, file, count });
    return count;
  }

  /** What a file has. */
  async templatesOf(system: BiometricSystem, file: string): Promise<readonly StoredTemplate[]> {
    return (await this.#templates.of(system, [file])).get(file) ?? [];
  }

  /** Brings memory to what the database holds. */
  async follow(): Promise<void> {
    await Promise.all(Array.from(this.#galleries.values(), (gallery) => gallery.follow()));
  }

  /** One to one: what of each file agrees with the probe and what does not, at the thresholds of verification. */
  async compare(
    system: BiometricSystem,
    files: readonly string[],
    probe: Probe,
    asker: Asker,
    signal: AbortSignal,
  ): Promise<Map<string, Evidence>> {
    if (files.length === 0) return new Map();
    const scores = await compareWith(probe, await this.#templates.of(system, files), signal);
    const evidence = new Map([...scores].map(([file, each]) => [file, evidenceOf(each)]));
    const alike = [...evidence.values()].filter(({ agrees }) => agrees.length > 0).length;
    await this.#logUse(asker, { event: 'compared', system, candidates: alike, complete: true }, probe);
    return evidence;
  }

  /** One to many. The same probe asked of the same system again, by whomever, is one search and one line of the log. */
  search(system: BiometricSystem, probe: Probe, asker: Asker, signal: AbortSignal): Promise<Candidates> {
    const searches = this.#searches.get(probe) ?? new Map<BiometricSystem, SharedWork<Candidates>>();
    this.#searches.set(probe, searches);
    let search = searches.get(system);
    if (!search || search.abandoned)
      searches.set(system, (search = new SharedWork((own) => this.#search(system, probe, asker, own))));
    return search.wait(signal);
  }

  /** Memory that templates take. */
  get bytes(): number {
    return [...this.#galleries.values()].reduce((sum, gallery) => sum + gallery.bytes, 0);
  }

  /** Forgets what is in memory; resolves when nothing is read any more. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#galleries.values(), (gallery) => gallery.close()));
  }

  async #search(system: BiometricSystem, probe: Probe, asker: Asker, signal: AbortSignal): Promise<Candidates> {
    const gallery = this.#galleries.get(system)!;
    await gallery.refresh();
    const extent = gallery.extent(probe.face);
    const [fingers, faces] = await Promise.all([
      probe.fingers.length > 0 ? gallery.findFingers(probe.fingers, mostAlike, signal) : nothing,
      probe.face ? gallery.findFaces(probe.face, mostAlike, signal) : nothing,
    ]);
    // One kind may make up for the other only where both are there; else its own threshold has already spoken.
    const both = probe.fingers.length > 0 && probe.face !== undefined;
    const passes = (scores: Scores) => isCandidate(scores, extent);
    const likely = new Set(
      [
        ...fingers.alike.filter(({ score }) => both || passes({ finger: score })),
        ...faces.alike.filter(({ score }) => both || passes({ face: { score, model: faceModelOf(probe.face!)! } })),
      ].map(({ file }) => file),
    );
    const scores = await compareWith(probe, await this.#templates.of(system, [...likely]), signal);
    const candidates = [...scores]
      .filter(([, each]) => passes(each))
      .map(([file, each]) => ({ file, ...candidateOf(each) }))
      .toSorted((one, other) => one.rate - other.rate || (one.file < other.file ? -1 : 1));
    const complete = probe.good && fingers.complete && faces.complete && candidates.length < mostAlike;
    await this.#logUse(asker, { event: 'searched', system, candidates: candidates.length, complete }, probe);
    return { candidates, complete };
  }

  async #logUse(
    asker: Asker,
    use: Pick<UseLine, 'event' | 'system' | 'candidates' | 'complete'>,
    { fingers, face }: Probe,
  ): Promise<void> {
    const kinds = [...(fingers.length > 0 ? (['finger'] as const) : []), ...(face ? (['face'] as const) : [])];
    await this.#log.append({ at: this.#at(), ...asker, ...use, kinds });
  }

  #at(): string {
    return this.#now().toISOString();
  }
}

/** What agrees together, though nothing does by itself, agrees. */
function candidateOf(scores: Scores): Evidence {
  const { rate, agrees, differs } = evidenceOf(scores);
  return agrees.length > 0 ? { rate, agrees, differs } : { rate, agrees: differs, differs: [] };
}
