import type { FaceTemplate } from '../../../main/contract/biometrics.ts';
import type { TravelDocument } from '../../../main/contract/document.ts';
import { encodeFaceTemplate } from '../../../main/contract/face-template.ts';
import type { Alert } from '../../../main/contract/watchlist.ts';
import { fingerModel } from '../../../main/biometrics/finger/finger.ts';
import { type TemplateSet, drawTemplates } from '../../sim/finger/draw-templates.ts';
import { normal, stream } from '../../sim/finger/random.ts';
import { drawCrowd } from '../../sim/names/crowd.ts';
import { strangers } from '../../sim/names/questions.ts';
import { synthesize } from '../../sim/names/random.ts';

/** What faces of the bench are: drawn directions of as many values as the kiosk's model has. */
export const faceModel = { model: 'bench', version: '1', values: 512 };

const pool = (() => {
  const random = stream(1);
  return Array.from({ length: 8192 }, () => normal(random));
})();

/** A face by its number. */
export function drawFace(seed: number): FaceTemplate {
  const from = stream(seed, 9);
  const [offset, step] = [Math.floor(from() * pool.length), 1 + 2 * Math.floor(from() * 500)];
  const values = Float32Array.from(
    { length: faceModel.values },
    (_, index) => pool[(offset + index * step) % pool.length]!,
  );
  const length = Math.hypot(...values);
  return { ...faceModel, values: values.map((value) => value / length) };
}

/** Fingers by their number, each another person's. */
export function drawFingers(count: number): Promise<TemplateSet> {
  return drawTemplates({ first: 1_000_000, count, impression: 1 });
}

const documentNumber = (at: number): string => `X${String(10_000_000 + at * 7)}`;

/** Alerts on drawn people, each with a document and a face, and with a finger as far as there are any. */
export function drawAlerts(count: number, fingers: TemplateSet): Alert[] {
  return drawCrowd(count, synthesize(1)).map((identity, at) => ({
    reference: `B-${at}`,
    category: 'national',
    action: 'consult-identity',
    silent: false,
    documents: [{ number: documentNumber(at), issuingState: 'UTO' }],
    identities: [identity],
    fingers:
      at < fingers.count ? [{ position: 'unknown', ...fingerModel, template: Uint8Array.from(fingers.at(at)) }] : [],
    faces: [{ model: faceModel.model, version: faceModel.version, template: encodeFaceTemplate(drawFace(at)) }],
  }));
}

/** Documents of people who are not listed. */
export function drawDocuments(count: number): TravelDocument[] {
  return strangers(count, synthesize(2)).map(({ surname, givenNames, birthDate }, at) => ({
    format: 'TD3',
    code: 'P',
    issuingState: 'UTO',
    number: `Y${String(10_000_000 + at)}`,
    surname: surname.slice(0, 64),
    givenNames: givenNames.slice(0, 64),
    nationality: 'UTO',
    birthDate,
    sex: 'X',
    expiryDate: '2035-01-01',
    optionalData: '',
    lines: ['P<UTO'.padEnd(44, '<'), ''.padEnd(44, '<')],
  }));
}
