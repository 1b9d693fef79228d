import { encodeFaceTemplate } from '../../../main/contract/face-template.ts';
import type { FingerPosition } from '../../../main/contract/biometrics.ts';
import type { FaceProbe, FingerProbe } from '../../../main/contract/search.ts';
import type { StoredTemplate } from '../../../central/sbms/template.ts';
import { findModel } from '../../../models/manifest.ts';
import { fingerModel } from '../../../native/finger-model.ts';
import { drawTemplate } from '../finger/draw-template.ts';
import { normal, stream } from '../finger/random.ts';

/** The four fingers that EES asks for (Reg. (EU) 2017/2226 Art. 17(1)(c)). */
export const fourFingers = ['right-index', 'right-middle', 'right-ring', 'right-little'] as const;

/** A drawn person's templates at an occasion: other occasions give other images of the same fingers and face. */
export function drawBiometrics(
  person: number,
  occasion: number,
  positions: readonly FingerPosition[] = fourFingers,
): StoredTemplate[] {
  const fingers = positions.map((position, finger): StoredTemplate => {
    const template = drawTemplate({ finger: 7_000_000 + person * 10 + finger, impression: occasion });
    return { kind: 'finger', position, ...fingerModel, quality: 80, template };
  });
  return [...fingers, drawFace(person, occasion)];
}

/** A vector as a face gives one: those of a person have a cosine of about 0.8, those of two about 0. */
function drawFace(person: number, occasion: number): StoredTemplate {
  const { id: model, version, templateValues = 0 } = findModel('mobilefacenet');
  const [own, taken] = [stream(person, 31), stream(person, 32, occasion)];
  const drawn = Float32Array.from({ length: templateValues }, () => normal(own) + 0.5 * normal(taken));
  const length = Math.hypot(...drawn);
  const template = encodeFaceTemplate({ model, version, values: drawn.map((value) => value / length) });
  return { kind: 'face', position: 'unknown', model, version, quality: 90, template };
}

/** Templates as a question to the portal has them. */
export function probesOf(templates: readonly StoredTemplate[]): { finger?: FingerProbe[]; face?: FaceProbe } {
  const said = ({ model, version, quality, template }: StoredTemplate) => ({
    model,
    version,
    quality,
    template: Buffer.from(template).toString('base64'),
  });
  const finger = templates
    .filter(({ kind }) => kind === 'finger')
    .map((each) => ({ position: each.position, ...said(each) }));
  const face = templates.find(({ kind }) => kind === 'face');
  return { ...(finger.length > 0 && { finger }), ...(face && { face: said(face) }) };
}
