import {
  type FaceTemplate,
  type FingerPosition,
  fingerPositions,
  type FingerTemplate,
} from '../../main/contract/biometrics.ts';
import { decodeFaceTemplate } from '../../main/contract/face-template.ts';
import { findModel, type Model, models } from '../../models/manifest.ts';
import { isFingerModel } from '../../native/finger-model.ts';
import { native } from '../../native/native.ts';

/** The systems whose templates are kept, each apart from the others (Reg. (EU) 2019/817 Art. 13). CIR's files refer to those of EES and VIS. */
export const biometricSystems = ['EES', 'VIS', 'SIS'] as const;
export type BiometricSystem = (typeof biometricSystems)[number];

export type BiometricKind = 'finger' | 'face';

/** A template as it is kept: of which finger, what made it, how good the image was (0 to 100), and its bytes. */
export interface StoredTemplate {
  readonly kind: BiometricKind;
  /** Of a face: `unknown`. */
  readonly position: FingerPosition;
  readonly model: string;
  readonly version: string;
  readonly quality: number;
  readonly template: Uint8Array;
}

export interface Finger {
  readonly position: FingerPosition;
  readonly template: FingerTemplate;
}

/** The model of faces that are compared here; undefined: of such none is. */
export function faceModelOf(made: { readonly model: string; readonly version: string }): Model | undefined {
  const known = models.some(({ id, version }) => id === made.model && version === made.version);
  const model = known ? findModel(made.model) : undefined;
  return model?.templateValues !== undefined && model.calibration !== undefined ? model : undefined;
}

/** A finger as the matcher takes it. */
export const fingerOf = ({ position, model, version, template }: Omit<StoredTemplate, 'kind' | 'quality'>): Finger => ({
  position,
  template: { model, version, bytes: template },
});

/** A face as the matcher takes it; undefined for what is no direction. */
export const faceOf = ({
  model,
  version,
  template,
}: Omit<StoredTemplate, 'kind' | 'quality' | 'position'>): FaceTemplate | undefined =>
  decodeFaceTemplate(model, version, template);

/** Whether the bytes are a template of what they say made them; what nobody here can read passes, and is compared with nothing. */
export async function isSound(stored: Omit<StoredTemplate, 'quality'>): Promise<boolean> {
  if (!fingerPositions.includes(stored.position)) return false;
  if (stored.kind === 'face') {
    const model = faceModelOf(stored);
    return model === undefined || faceOf(stored)?.values.length === model.templateValues;
  }
  if (!isFingerModel(stored)) return true;
  return native()
    .fingerMinutiae(stored.template)
    .then(
      () => true,
      () => false,
    );
}
