import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openFaceEngine } from '../../../main/biometrics/face/face-engine.ts';
import { extractFinger } from '../../../main/biometrics/finger/finger.ts';
import type { Alert, WatchlistSnapshot } from '../../../main/contract/watchlist.ts';
import { programFile } from '../../../main/root.ts';
import { encodeFaceTemplate } from '../../../main/contract/face-template.ts';
import { writeMrz } from '../document/mrz.ts';
import { writeCameraFile } from '../face/camera-file.ts';
import { documentPortrait } from '../face/document-portrait.ts';
import { people, type PersonName } from '../face/people.ts';
import type { Scene } from '../face/scene.ts';
import type { Condition } from '../finger/condition.ts';
import { drawFinger } from '../finger/draw-finger.ts';
import { alerts, type Traveller } from './travellers.ts';

/** Draws a finger as it lies on the glass at one attempt. */
export function fingerImage(finger: number, impression: number, condition: Condition) {
  return drawFinger({ finger, impression, widthPx: 320, heightPx: 400, dpi: 500, condition });
}

/** What the document reader reads of a traveller's document: the lines, and the portrait of its chip. */
export async function documentOf({
  document,
  portraitOf,
}: Traveller): Promise<{ lines: string[]; portrait: Uint8Array }> {
  const { spoil, ...printed } = document;
  const lines = writeMrz('TD3', { code: 'P', issuingState: 'UTO', nationality: 'UTO', ...printed }, spoil);
  return { lines, portrait: await documentPortrait(people[portraitOf], 1) };
}

/** The films of the people at the gate: the camera is pointed at one of them, or at an empty scene, by replacing its file. */
export class Films {
  readonly #folder: string;
  readonly #made = new Set<string>();
  readonly cameraFile: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.cameraFile = join(folder, 'camera.mjpeg');
  }

  /** Points the camera at somebody; it sees them from the next time that it is started. */
  show(person: PersonName): Promise<void> {
    return this.#play(person, { person: people[person], seed: 1 }, 48);
  }

  /** Stops the camera's picture at somebody. */
  stop(person: PersonName): Promise<void> {
    return this.#play(`${person}-still`, { person: people[person], seed: 1 }, 1);
  }

  /** Covers the lens: nothing but the noise of the sensor is left. */
  cover(): Promise<void> {
    return this.#play('covered', { seed: 1, light: 0.01 }, 24);
  }

  /** Takes the camera away until something is shown again. */
  unplug(): Promise<void> {
    return rm(this.cameraFile, { force: true });
  }

  async #play(name: string, scene: Scene, frames: number): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const film = join(this.#folder, `${name}.mjpeg`);
    if (!this.#made.has(name)) await writeCameraFile(film, scene, frames);
    this.#made.add(name);
    await copyFile(film, `${film}.next`);
    await rename(`${film}.next`, this.cameraFile);
  }
}

/** What comes to the list while the demonstration goes on: a document that was stolen. */
export const laterAlert: Alert = {
  reference: 'DEMO-DOCUMENT-1',
  category: 'document-stolen',
  action: 'seize-document',
  silent: false,
  documents: [{ number: 'UTO000001', issuingState: 'UTO' }],
  identities: [],
  fingers: [],
  faces: [],
};

/** The demonstration's watchlist. Its templates are made as a central service would: from other images of the same people. */
export async function watchlist(): Promise<WatchlistSnapshot> {
  const finger = (await extractFinger(fingerImage(alerts.finger, 77, 'good'))).template;
  const engine = await openFaceEngine({ modelsDir: programFile('models', 'onnx') });
  const face = (await engine.readPortrait(await documentPortrait(people[alerts.face], 2))).template;
  await engine.close();
  if (!face) throw new Error('no face was found in the portrait of an alert');
  const { surname, givenNames, birthDate } = alerts;
  const empty = { silent: false, documents: [], identities: [], fingers: [], faces: [] };
  return {
    version: 1,
    madeAt: new Date().toISOString(),
    alerts: [
      {
        ...empty,
        reference: 'DEMO-FINGER-1',
        category: 'arrest',
        action: 'arrest',
        fingers: [{ position: 'right-index', model: finger.model, version: finger.version, template: finger.bytes }],
      },
      {
        ...empty,
        reference: 'DEMO-FACE-1',
        category: 'refusal-of-entry',
        action: 'refuse-entry',
        faces: [{ model: face.model, version: face.version, template: encodeFaceTemplate(face) }],
      },
      {
        ...empty,
        reference: 'DEMO-NAME-1',
        category: 'missing',
        action: 'protect',
        identities: [{ surname, givenNames, birthDate }],
      },
    ],
  };
}

/** The same value with its bytes as base64, so that it can travel as JSON. */
export function transportable(value: unknown): unknown {
  const text = JSON.stringify(value, (_, part: unknown) =>
    part instanceof Uint8Array ? { base64: Buffer.from(part).toString('base64') } : part,
  );
  return JSON.parse(text);
}
