import type { FingerTemplate } from '../../main/contract/biometrics.ts';
import { native } from '../../native/native.ts';

/** What the addon tells of one comparison: the values of its `Evidence` (native/src/matcher.h). */
export interface Evidence {
  readonly score: number;
  readonly met: number;
  readonly weight: number;
  readonly overlap: number;
  readonly alike: number;
  readonly flow: number;
  readonly edges: number;
}

const valuesEach = 8;
const headerBytes = 28;
const minutiaBytes = 6;

/** The evidence of a probe against each template, in their order. */
export async function weigh(probe: FingerTemplate, others: readonly FingerTemplate[]): Promise<Evidence[]> {
  const values = await native().weighFingers(
    probe.bytes,
    others.map((other) => other.bytes),
  );
  return others.map((_, i) => {
    const [score = 0, met = 0, weight = 0, overlap = 0, alike = 0, flow = 0, edges = 0] = values.subarray(
      i * valuesEach,
      (i + 1) * valuesEach,
    );
    return { score, met, weight, overlap, alike, flow, edges };
  });
}

/** The terms that `score` weighs, in the order of `Odds` (native/src/parameters.h). */
export function termsOf({ weight, overlap, alike, flow, edges }: Evidence): number[] {
  const shared = Math.log1p(overlap);
  return [Math.log1p(weight), shared, shared * shared, alike, flow, edges];
}

/** The record of a template without its extended data, as another maker's would be (ISO/IEC 19794-2:2005 clause 7.5). */
export function withoutFlow(template: FingerTemplate): FingerTemplate {
  const from = Buffer.from(template.bytes);
  const end = headerBytes + minutiaBytes * from.readUInt8(headerBytes - 1);
  const bytes = Buffer.alloc(end + 2);
  from.copy(bytes, 0, 0, end);
  bytes.writeUInt32BE(bytes.length, 8);
  return { ...template, bytes: new Uint8Array(bytes) };
}
