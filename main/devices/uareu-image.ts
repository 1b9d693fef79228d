import { Fault } from '../contract/fault.ts';
import { advanceKey, unscramble } from './uareu-scrambling.ts';

export const imageWidthPx = 384;
export const imageHeightPx = 290;
export const headerBytes = 64;
/** The longest that a transfer of an image can be. */
export const imageTransferBytes = headerBytes + imageWidthPx * imageHeightPx;

const firstBlock = 16;
const blocksMost = 15;
const flag = { newKey: 0x80, keyStands: 0x04, scrambled: 0x02, absent: 0x01 } as const;
/** With fewer lines than this there is too little of a finger to be worth looking at. */
const leastLines = 145;
/** Neighbours in noise differ by 85 on average, in a picture of ridges by half of that at most. */
const roughMost = 64;
/** Mean distance from the mean grey, below which nothing lies on the glass. */
const blankMost = 4;

/** Lines of one kind that follow one another. */
export interface UareuBlock {
  readonly lines: number;
  /** Row of the picture in which it begins, as the sensor has it. */
  readonly row: number;
  /** First of its lines in the transfer; a block without data moves the rows and takes none. */
  readonly line: number;
  readonly absent: boolean;
  readonly scrambled: boolean;
  /** Whether the key is replaced before this block, and whether it stands still during it. */
  readonly newKey: boolean;
  readonly keyStands: boolean;
}

/** The head of an image: how many lines follow, which key they need, and what is to be done with them. */
export interface UareuHeader {
  readonly lines: number;
  readonly keyNumber: number;
  readonly blocks: readonly UareuBlock[];
}

/** Reads the head of a transfer. Fails with `device.protocol` when it is cut short or says what cannot be. */
export function decodeHeader(transfer: Uint8Array): UareuHeader {
  if (transfer.length < headerBytes) throw new Fault('device.protocol', 'image header cut short');
  const lines = transfer[4]! | (transfer[5]! << 8);
  if (lines > imageHeightPx) throw new Fault('device.protocol', `an image of ${lines} lines`);
  const blocks: UareuBlock[] = [];
  let row = 0;
  let line = 0;
  for (let at = firstBlock; at < firstBlock + 2 * blocksMost; at += 2) {
    const [flags, claimed] = [transfer[at]!, transfer[at + 1]!];
    if (claimed === 0) break;
    const absent = (flags & flag.absent) !== 0;
    const scrambled = (flags & flag.scrambled) !== 0;
    const keyStands = (flags & flag.keyStands) !== 0;
    if (scrambled && keyStands) throw new Fault('device.protocol', 'a scrambled block without a key');
    if (row + claimed > imageHeightPx) throw new Fault('device.protocol', 'blocks of more lines than the sensor has');
    // A block may claim more lines than were sent: the line count of the head is what counts.
    const count = absent ? claimed : Math.min(claimed, lines - line);
    if (count === 0) break;
    blocks.push({ lines: count, row, line, absent, scrambled, keyStands, newKey: (flags & flag.newKey) !== 0 });
    row += count;
    if (!absent) line += count;
  }
  return { lines, keyNumber: transfer[6]!, blocks };
}

/** The numbers of the keys that an image needs, in the order in which they must be asked for: none when it is plain. */
export function keysOf(transfer: Uint8Array, { blocks, keyNumber }: UareuHeader): number[] {
  if (!blocks.some((block) => isScrambled(block, transfer))) return [];
  const further = blocks.filter(({ newKey }) => newKey);
  return [keyNumber, ...further.map((_, at) => (keyNumber + at + 1) & 0xff)];
}

/** A picture as the sensor has it, or what is the matter with it. */
export type UareuPicture =
  | { readonly type: 'picture'; readonly pixels: Uint8Array }
  /** Cut short, too few lines, or noise, as after a wrong key. */
  | { readonly type: 'incomplete' }
  /** No finger lies on the glass. */
  | { readonly type: 'blank' };

/** Puts an image together, given the keys that `keysOf` named. Rows that were not sent are 0. Never fails. */
export function decodePicture(transfer: Uint8Array, header: UareuHeader, keys: readonly number[]): UareuPicture {
  const { lines, blocks } = header;
  const sent = blocks.reduce((sum, block) => sum + (block.absent ? 0 : block.lines), 0);
  if (sent < leastLines || transfer.length < headerBytes + lines * imageWidthPx) return { type: 'incomplete' };
  const pixels = new Uint8Array(imageWidthPx * imageHeightPx);
  let [key = 0] = keys;
  let keysUsed = 1;
  for (const block of blocks) {
    if (block.newKey) key = keys[keysUsed++] ?? 0;
    const stored = storedOf(block, transfer);
    const place = pixels.subarray(block.row * imageWidthPx, (block.row + block.lines) * imageWidthPx);
    if (isScrambled(block, transfer)) {
      key = unscramble(stored, place, key);
      if (roughnessOf(place) >= roughMost) {
        pixels.fill(0);
        return { type: 'incomplete' };
      }
    } else {
      if (!block.absent) place.set(stored);
      if (!block.keyStands && keys.length > 0) key = advanceKey(key, block.lines * imageWidthPx);
    }
  }
  return spreadOf(pixels) <= blankMost ? { type: 'blank' } : { type: 'picture', pixels };
}

/** Dark ridges on white, the fingertip up: the sensor sees them light on dark, and in one family upside down. In place. */
export function setUpright(pixels: Uint8Array, turned: boolean): void {
  if (turned) pixels.reverse();
  for (let at = 0; at < pixels.length; at++) pixels[at] = 255 - pixels[at]!;
}

const storedOf = ({ absent, line, lines }: UareuBlock, transfer: Uint8Array): Uint8Array =>
  transfer.subarray(headerBytes + line * imageWidthPx, headerBytes + (absent ? line : line + lines) * imageWidthPx);

/** A block that is said to be scrambled and looks like a picture is one: some firmware marks what it leaves plain. */
const isScrambled = (block: UareuBlock, transfer: Uint8Array): boolean =>
  block.scrambled && !block.absent && roughnessOf(storedOf(block, transfer)) >= roughMost;

/** Mean difference between neighbours, in grey levels. */
function roughnessOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 1; at < bytes.length; at++) sum += Math.abs(bytes[at]! - bytes[at - 1]!);
  return sum / Math.max(1, bytes.length - 1);
}

/** Mean distance from the mean, in grey levels. */
function spreadOf(pixels: Uint8Array): number {
  let sum = 0;
  for (const grey of pixels) sum += grey;
  const mean = sum / pixels.length;
  let spread = 0;
  for (const grey of pixels) spread += Math.abs(grey - mean);
  return spread / pixels.length;
}
