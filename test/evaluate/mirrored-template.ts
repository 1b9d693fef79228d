import type { FingerTemplate } from '../../main/contract/biometrics.ts';

const minutiaeAt = 28;
const minutiaBytes = 6;
const flowType = 0x4c46;
const flowHeaderBytes = 6;
const levels = 31;
const levelBits = 5;

/**
 * The template of a finger as a mirror shows it: another finger, as plausible as the first. For records as the addon writes
 * them (native/src/record.cc), whose ridge flow is mirrored too; other extended data is left out.
 */
export function mirroredTemplate(template: FingerTemplate): FingerTemplate {
  const from = Buffer.from(template.bytes);
  const count = from.readUInt8(minutiaeAt - 1);
  const end = minutiaeAt + minutiaBytes * count;
  const flow = flowOf(from.subarray(end + 2));
  // The mirror stands on the edge of the flow's raster, so that its samples fall on samples.
  const spacing = flow?.readUInt8(1) ?? 1;
  const across = Math.ceil(from.readUInt16BE(14) / spacing) + 1;
  const out = Buffer.alloc(end + 2 + (flow ? 4 + flow.length : 0));
  from.copy(out, 0, 0, end);
  out.writeUInt32BE(out.length, 8);
  out.writeUInt16BE(across * spacing, 14);
  for (let at = minutiaeAt; at < end; at += minutiaBytes) {
    const kindAndX = from.readUInt16BE(at);
    out.writeUInt16BE((kindAndX & 0xc000) | (across * spacing - 1 - (kindAndX & 0x3fff)), at);
    out.writeUInt8((128 - from.readUInt8(at + 4)) & 255, at + 4);
  }
  if (flow) {
    out.writeUInt16BE(4 + flow.length, end);
    out.writeUInt16BE(flowType, end + 2);
    out.writeUInt16BE(flow.length, end + 4);
    mirrorFlow(flow, across).copy(out, end + 6);
  }
  return { ...template, bytes: new Uint8Array(out) };
}

function flowOf(extended: Buffer): Buffer | undefined {
  for (let at = 0; at + 4 <= extended.length; at += 4 + extended.readUInt16BE(at + 2))
    if (extended.readUInt16BE(at) === flowType)
      return extended.subarray(at + 4, at + 4 + extended.readUInt16BE(at + 2));
  return undefined;
}

function mirrorFlow(flow: Buffer, across: number): Buffer {
  const [column, columns, rows] = [flow.readUInt8(2), flow.readUInt8(4), flow.readUInt8(5)];
  const bits = [...flow.subarray(flowHeaderBytes)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const level = (index: number): number => parseInt(bits.slice(index * levelBits, (index + 1) * levelBits), 2);
  let mirrored = '';
  for (let row = 0; row < rows; row++) {
    for (let x = columns - 1; x >= 0; x--) {
      const value = level(row * columns + x);
      const turned = value === 0 ? 0 : ((levels - (value - 1)) % levels) + 1;
      mirrored += turned.toString(2).padStart(levelBits, '0');
    }
  }
  const out = Buffer.from(flow);
  out.writeUInt8(across - column - columns, 2);
  for (let at = flowHeaderBytes; at < flow.length; at++)
    out.writeUInt8(
      parseInt(mirrored.slice((at - flowHeaderBytes) * 8, (at - flowHeaderBytes) * 8 + 8).padEnd(8, '0'), 2),
      at,
    );
  return out;
}
