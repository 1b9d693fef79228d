import type { FaceTemplate } from '../../main/contract/biometrics.ts';
import { FaceGallery } from '../../native/face-gallery.ts';
import { FingerGallery } from '../../native/finger-gallery.ts';
import { isFingerModel } from '../../native/finger-model.ts';
import type { Extent } from './evidence.ts';
import { type BiometricSystem, faceModelOf, faceOf, type Finger, fingerOf } from './template.ts';
import type { FiledTemplate, Templates } from './templates.ts';

const rowsAtOnce = 2000;

/** A file and how alike its fingers or its best face are to a probe's. */
export interface Alike {
  readonly file: string;
  readonly score: number;
}

/** What one kind of a probe's biometrics found in a system. */
export interface FoundAlike {
  readonly alike: readonly Alike[];
  /** False while the gallery is being read, where it is full, and where templates are of another make than the probe. */
  readonly complete: boolean;
}

/**
 * The templates of one system in memory, to be searched one to many: read from the database in the background, kept up with its
 * changes, and never more bytes than it may have. The database alone says what is stored; whoever searches asks it about what
 * is found.
 */
export class SystemGallery {
  readonly #system: BiometricSystem;
  readonly #templates: Templates;
  readonly #maxBytes: number;
  readonly #fingers = new FingerGallery();
  readonly #faces = new Map<string, FaceGallery>();
  #revision = 0;
  #whole = false;
  #full = false;
  #closed = false;
  #busy = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(system: BiometricSystem, templates: Templates, maxBytes: number) {
    this.#system = system;
    this.#templates = templates;
    this.#maxBytes = maxBytes;
  }

  /** Whether all that can be compared has been read, as of the last change that was followed. */
  get complete(): boolean {
    return this.#whole && !this.#full;
  }

  get bytes(): number {
    const faces = [...this.#faces.values()].reduce((sum, gallery) => sum + gallery.size * gallery.values, 0);
    return this.#fingers.bytes + faces;
  }

  /** How many there are to be compared with. */
  extent(face: FaceTemplate | undefined): Extent {
    return { fingers: this.#fingers.size, faces: (face && this.#faces.get(makeOf(face))?.size) ?? 0 };
  }

  /** Reads everything, or what has changed since; resolves when the gallery is as the database was, or was closed. */
  follow(): Promise<void> {
    this.#busy++;
    const next = this.#work.then(() => this.#catchUp()).finally(() => this.#busy--);
    this.#work = next.catch(() => {});
    return next;
  }

  /** Takes what has changed, but does not wait for the first reading: until that is over, answers are not complete. */
  async refresh(): Promise<void> {
    if (this.#whole) return this.follow();
    if (this.#busy === 0) this.follow().catch(() => {}); // the next search begins again
  }

  async findFingers(probes: readonly Finger[], k: number, signal: AbortSignal): Promise<FoundAlike> {
    const others = (await this.#templates.made(this.#system)).some(
      (made) => made.kind === 'finger' && !isFingerModel(made),
    );
    const own = probes.filter(({ template }) => isFingerModel(template));
    const matches = await this.#fingers.search({ probes: own, k, signal });
    return answer(matches, this.complete && !others && own.length === probes.length);
  }

  async findFaces(probe: FaceTemplate, k: number, signal: AbortSignal): Promise<FoundAlike> {
    const made = (await this.#templates.made(this.#system)).filter(({ kind }) => kind === 'face');
    const others = made.some((each) => makeOf(each) !== makeOf(probe)) || !faceModelOf(probe);
    const matches = await this.#faces.get(makeOf(probe))?.search({ probes: [{ template: probe }], k, signal });
    return answer(matches ?? [], this.complete && !others);
  }

  /** Overwrites everything, when what is being read has been. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
    this.#fingers.close();
    for (const gallery of this.#faces.values()) gallery.close();
  }

  async #catchUp(): Promise<void> {
    while (!this.#closed) {
      if (!this.#whole) {
        await this.#readAll();
        continue;
      }
      const changes = await this.#templates.changes(this.#system, this.#revision);
      if (!changes) {
        this.#whole = false;
        continue;
      }
      if (changes.files.length === 0) return;
      const now = await this.#templates.of(this.#system, changes.files);
      for (const file of changes.files) await this.#replace(file, now.get(file) ?? []);
      this.#revision = changes.revision;
    }
  }

  /** What changes meanwhile is followed afterwards. */
  async #readAll(): Promise<void> {
    const revision = await this.#templates.revision(this.#system);
    this.#full = false;
    await this.#empty();
    let last: Pick<FiledTemplate, 'file' | 'kind' | 'slot'> = { file: '', kind: 'face', slot: -1 };
    while (!this.#closed) {
      const rows = await this.#templates.after(this.#system, last, rowsAtOnce);
      await this.#add(rows);
      last = rows.at(-1) ?? last;
      if (rows.length < rowsAtOnce) break;
    }
    this.#revision = revision;
    this.#whole = !this.#closed;
  }

  async #add(rows: readonly FiledTemplate[]): Promise<void> {
    if (this.#closed || rows.length === 0 || this.#isFull()) return;
    const fingers = rows.filter((row) => row.kind === 'finger' && isFingerModel(row));
    await this.#fingers.add(fingers.map((row) => ({ id: row.file, ...fingerOf(row) })));
    for (const faces of facesOf(rows).values()) {
      const gallery = this.#galleryOf(faces[0]!.template);
      await gallery.add(faces.map(({ file, template }) => ({ id: file, template })));
    }
  }

  async #replace(file: string, rows: readonly FiledTemplate[]): Promise<void> {
    if (this.#closed) return;
    const fingers = rows.filter((row) => row.kind === 'finger' && isFingerModel(row));
    const faces = facesOf(rows);
    // What is erased goes whether or not there is room.
    await this.#fingers.replace(file, this.#isFull() ? [] : fingers.map(fingerOf));
    for (const [, [first]] of faces) this.#galleryOf(first!.template);
    for (const [make, gallery] of this.#faces)
      await gallery.replace(file, this.#full ? [] : (faces.get(make) ?? []).map(({ template }) => template));
  }

  async #empty(): Promise<void> {
    for (const gallery of this.#faces.values()) gallery.close();
    this.#faces.clear();
    if (this.#fingers.size === 0) return;
    const fresh = new FingerGallery();
    await this.#fingers.load(fresh.save());
    fresh.close();
  }

  #isFull(): boolean {
    return (this.#full ||= this.bytes >= this.#maxBytes);
  }

  #galleryOf(template: FaceTemplate): FaceGallery {
    const make = makeOf(template);
    const known = this.#faces.get(make);
    if (known) return known;
    const { model, version, values } = template;
    const gallery = new FaceGallery({ model, version, values: values.length });
    this.#faces.set(make, gallery);
    return gallery;
  }
}

const makeOf = ({ model, version }: { readonly model: string; readonly version: string }) => `${model}/${version}`;

function answer(matches: readonly { id: string; score: number }[], complete: boolean): FoundAlike {
  return { alike: matches.map(({ id, score }) => ({ file: id, score })), complete };
}

function facesOf(rows: readonly FiledTemplate[]): Map<string, { file: string; template: FaceTemplate }[]> {
  const faces = rows.flatMap((row) => {
    const template = row.kind === 'face' && faceModelOf(row) ? faceOf(row) : undefined;
    return template ? [{ file: row.file, template }] : [];
  });
  return Map.groupBy(faces, ({ template }) => makeOf(template));
}
