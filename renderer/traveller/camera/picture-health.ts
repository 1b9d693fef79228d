/** What is wrong with a camera's pictures: always the same one, nothing but black, nothing but white. */
export type Ailment = 'frozen' | 'black' | 'white';

/** Longer than a lens needs to open and a camera to set its light. */
const blindMs = 2000;
/** No sensor gives the very same picture for so long: it has noise, whatever it looks at. */
const frozenMs = 3000;
const frozenPictures = 5;
/** Below and above this no more than one pixel in a hundred lies outside of black and of white. */
const blackest = 24;
const whitest = 231;
const strayShare = 0.01;

/** A number that all bytes of a picture go into (FNV-1a); unlike pictures of one size give the same one time in four milliards. */
export function digestOf(luma: Uint8Array): number {
  let digest = 0x811c9dc5;
  for (let i = 0; i < luma.length; i++) digest = Math.imul(digest ^ (luma[i] ?? 0), 0x01000193);
  return digest >>> 0;
}

/** Whether a picture is nothing but black or white. */
export function blindnessOf(luma: Uint8Array): 'black' | 'white' | undefined {
  const strays = Math.floor(luma.length * strayShare);
  let [light, dark] = [0, 0];
  for (let i = 0; i < luma.length && (light <= strays || dark <= strays); i++) {
    const value = luma[i] ?? 0;
    if (value > blackest) light++;
    if (value < whitest) dark++;
  }
  return light <= strays ? 'black' : dark <= strays ? 'white' : undefined;
}

/**
 * Follows the luma of a camera's pictures, at the page's times in milliseconds. Tells the ailment that has lasted too long;
 * `well` once the pictures have shown something, and not always the same; `unsure` before.
 */
export function watchHealth(): (luma: Uint8Array, atMs: number) => Ailment | 'well' | 'unsure' {
  let last:
    { readonly digest: number; readonly lengthPx: number; readonly sinceMs: number; pictures: number } | undefined;
  let moved = false;
  let blind: { readonly by: 'black' | 'white'; readonly sinceMs: number } | undefined;
  return (luma, atMs) => {
    const digest = digestOf(luma);
    if (last?.digest !== digest || last.lengthPx !== luma.length) {
      moved ||= last !== undefined;
      last = { digest, lengthPx: luma.length, sinceMs: atMs, pictures: 0 };
    }
    last.pictures++;
    const by = blindnessOf(luma);
    if (!by) blind = undefined;
    else if (blind?.by !== by) blind = { by, sinceMs: atMs };
    // A covered lens may also give the same picture all the time: what covers it is what matters.
    if (blind && atMs - blind.sinceMs >= blindMs) return blind.by;
    if (atMs - last.sinceMs >= frozenMs && last.pictures >= frozenPictures) return 'frozen';
    return moved && !blind ? 'well' : 'unsure';
  };
}
