import { laneOf, type PacketKind } from '../contract/packet.ts';
import { mostParkedShown, type ParkedPacket } from '../contract/technician.ts';

/** What can tell what is parked. */
interface Parking {
  parked(limit: number): {
    readonly id: string;
    readonly kind: PacketKind;
    readonly fault: string;
    readonly refusal: string | null;
    readonly bytes: number;
    readonly ageSeconds: number;
  }[];
}

/** The first of what is parked, for the technician. */
export function parkedPackets(outbox: Parking): ParkedPacket[] {
  return outbox.parked(mostParkedShown).map(({ id, kind, fault, refusal, bytes, ageSeconds }) => ({
    id,
    lane: laneOf[kind],
    fault,
    refusal: refusal ?? '',
    bytes,
    ageSeconds: Math.trunc(ageSeconds),
  }));
}
