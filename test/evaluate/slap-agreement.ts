import type { TurnedBox } from '../../main/biometrics/finger/slap-crop.ts';
import type { SlapFinger } from '../../main/biometrics/finger/slap.ts';
import type { TrueFinger } from '../sim/finger/draw-slap.ts';

/** How far sides and tip, and the crease, of a box may be off, as NIST's SlapSeg II allows; pixels at 500 dpi. */
export const sideTolerancePx = 32;
export const bottomTolerancePx = 64;

/** How far each edge of a found box lies outside (left and top below 0) or inside the true one, at the edges' middles. */
export interface EdgeErrors {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The finger found whose middle lies in a true box. */
export function foundIn<F extends SlapFinger>(fingers: readonly F[], truth: TrueFinger): F | undefined {
  return fingers.find(({ box }) => {
    const [u, v] = inFrame(truth, box.centreX, box.centreY);
    return Math.abs(u) < truth.widthPx / 2 && Math.abs(v) < truth.heightPx / 2;
  });
}

/** Compares a found box with the true one in the latter's frame. */
export function edgeErrors(box: TurnedBox, truth: TrueFinger): EdgeErrors {
  const edge = (across: number, down: number): readonly [number, number] =>
    inFrame(
      truth,
      box.centreX + Math.cos(box.angle) * across * box.widthPx - Math.sin(box.angle) * down * box.heightPx,
      box.centreY + Math.sin(box.angle) * across * box.widthPx + Math.cos(box.angle) * down * box.heightPx,
    );
  return {
    left: edge(-0.5, 0)[0] + truth.widthPx / 2,
    right: edge(0.5, 0)[0] - truth.widthPx / 2,
    top: edge(0, -0.5)[1] + truth.heightPx / 2,
    bottom: edge(0, 0.5)[1] - truth.heightPx / 2,
  };
}

export function within({ left, right, top, bottom }: EdgeErrors): boolean {
  return [left, right, top].every((px) => Math.abs(px) <= sideTolerancePx) && Math.abs(bottom) <= bottomTolerancePx;
}

function inFrame({ centreX, centreY, angle }: TrueFinger, x: number, y: number): readonly [number, number] {
  const [dx, dy] = [x - centreX, y - centreY];
  return [Math.cos(angle) * dx + Math.sin(angle) * dy, Math.cos(angle) * dy - Math.sin(angle) * dx];
}
