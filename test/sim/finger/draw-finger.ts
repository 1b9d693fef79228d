import type { GreyImage } from '../../../main/contract/image.ts';
import { type Condition, type Touch, touchOf } from './condition.ts';
import { drawMark, markedAt } from './marks.ts';
import { masterOf } from './master.ts';
import { drawOutline, outwards } from './outline.ts';
import { drawPlacement, type Placement, toFinger } from './placement.ts';
import { normal, stream } from './random.ts';
import { drawRelief } from './relief.ts';
import { type Sensor, type SensorName, sensors } from './sensors.ts';
import { clamp, pore, ridgeAt } from './skin.ts';

/** Which finger, which of its impressions, on what sensor. */
export interface Drawing {
  readonly finger: number;
  readonly impression: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpi: number;
  /** `good` when not said. */
  readonly condition?: Condition;
  /** `optical` when not said. */
  readonly sensor?: SensorName;
}

/** What of an impression is drawn first: its touch and how the finger lies. */
export interface Lay {
  readonly touch: Touch;
  readonly placement: Placement;
  readonly random: () => number;
}

/** How the finger of a drawing lies; the stream of numbers goes on where this ends. */
export function layOf({ finger, impression, condition = 'good' }: Drawing): Lay {
  const random = stream(finger, 2, impression);
  const touch = touchOf(condition, random);
  return { touch, placement: drawPlacement(random, touch.wander, touch.turn, touch.pull), random };
}

/**
 * An image of a finger that never was: the same drawing always gives the same image, another impression of a finger is
 * placed, bent, pressed and soiled otherwise. Dark ridges on a light ground, the fingertip up.
 */
export function drawFinger(drawing: Drawing): GreyImage {
  const { finger, widthPx, heightPx, dpi } = drawing;
  const sensor: Sensor = sensors[drawing.sensor ?? 'optical'];
  const master = masterOf(finger);
  const { touch, placement, random } = layOf(drawing);
  const scale = 500 / dpi;
  const pressure = touch.pressure + 0.1 * normal(random);
  const outline = drawOutline(random, touch.halfWidth, touch.halfHeight, touch.roll);
  const skin = drawRelief(random, 5);
  const grain = drawRelief(random, 15);
  const patches = drawRelief(random, 42);
  const ground = drawRelief(random, 90);
  const smearAngle = 2 * Math.PI * random();
  const smear = { x: 4.5 * Math.cos(smearAngle), y: 4.5 * Math.sin(smearAngle) };
  const cuts = Array.from({ length: touch.cuts }, () => drawMark(random, 60, 2.4));
  const scratches = Array.from({ length: touch.scratches }, () => drawMark(random, 120, 0.8));
  const before = { x: 60 * normal(random), y: 60 * normal(random) };
  const rows = stripes(heightPx, sensor.stripes, dpi);
  const columns = stripes(widthPx, sensor.stripes / 2, dpi + 1);
  const point = new Float64Array(2);
  const pixels = new Uint8Array(widthPx * heightPx);
  for (let row = 0; row < heightPx; row++) {
    const slip = sensor.jitter * normal(random);
    const glassY = (row - heightPx / 2) * scale;
    for (let column = 0; column < widthPx; column++) {
      const glassX = (column + slip - widthPx / 2) * scale;
      toFinger(placement, glassX, glassY, point);
      const x = point[0]!;
      const y = point[1]!;
      const patch = patches(glassX, glassY);
      // 1 well inside the skin that touches, 0 outside.
      const contact = clamp((1 - outwards(outline, x, y) - 0.06 * patch) * 6);
      const level = ground(glassX, glassY);
      let grey = sensor.ground + 0.03 * level;
      if (touch.residue > 0)
        grey -= 0.5 * touch.residue * clamp(ridgeAt(master, x + before.x, y + before.y) + patch - 0.2);
      if (contact > 0) {
        const uneven =
          touch.roughness * (0.5 * skin(glassX, glassY) + 0.65 * grain(glassX, glassY) + 0.35 * patch) +
          touch.patchiness * level;
        let profile = ridgeAt(master, x, y);
        const smeared = clamp(3 * (touch.smudge - 0.5 + 0.5 * level + 0.3 * patch)) * clamp(5 * touch.smudge);
        if (smeared > 0) {
          const aside = ridgeAt(master, x + smear.x, y + smear.y) + ridgeAt(master, x + 2 * smear.x, y + 2 * smear.y);
          profile += smeared * ((profile + aside) / 3 + 0.2 - profile);
        }
        const broken = Math.max(markedAt(master.creases, x, y), markedAt(cuts, x, y));
        const press = pressure + uneven - 1.2 * (1 - contact) - 3 * broken;
        const ridge = clamp(0.5 + 0.5 * touch.sharpness * (profile + press)) * (1 - touch.pores * pore(finger, x, y));
        const inked = touch.valleyGrey + (touch.ridgeGrey - touch.valleyGrey) * ridge * sensor.contrast + 0.06 * level;
        grey += (inked - grey) * clamp(contact * 1.5);
      }
      if (scratches.length > 0) grey -= 0.4 * markedAt(scratches, glassX, glassY);
      grey += (touch.noise + sensor.noise) * normal(random) + rows[row]! + columns[column]!;
      pixels[row * widthPx + column] = Math.round(255 * clamp(grey));
    }
  }
  return { widthPx, heightPx, dpi, pixels };
}

/** What a row or column of cells adds to every image, however often it is taken. */
function stripes(length: number, height: number, seed: number): Float32Array {
  const random = stream(seed, 3);
  return Float32Array.from({ length }, () => height * normal(random));
}
