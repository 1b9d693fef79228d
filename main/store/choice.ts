/** A packet that waits: what of it the next request would carry, and whether that is not all of it. */
export interface Waiting {
  readonly sequence: number;
  readonly lane: number;
  /** Bytes it would add to a request. */
  readonly bytes: number;
  readonly partly: boolean;
}

/** A lane with something in it: how often others went and it did not, and its packets in order. */
export interface WaitingLane<W extends Waiting> {
  readonly lane: number;
  readonly passedOver: number;
  readonly packets: readonly W[];
}

/** How often each lane may be passed over, by number, before a share of the next request is its own. The first never is. */
export const patience: readonly number[] = [Infinity, 2, 4, 8, 16];

/**
 * What goes next. The more urgent lane goes first, but one that was passed over too often has a quarter of the request (one
 * packet at least) before all lanes but the first: none waits longer than its patience and a turn for each of the others.
 * Order is kept within a lane: after a part nothing else of its lane goes. At least one packet, if there is one; the most
 * urgent come first.
 */
export function choose<W extends Waiting>(
  lanes: readonly WaitingLane<W>[],
  { maxRows, maxBytes }: { maxRows: number; maxBytes: number },
): W[] {
  const chosen = new Set<W>();
  let bytes = 0;
  /** Takes from a lane until there are so many rows and bytes in all. */
  const take = ({ packets }: WaitingLane<W>, rows: number, room: number, least = 0) => {
    for (const packet of packets) {
      if (!chosen.has(packet)) {
        if (least-- <= 0 && (chosen.size >= rows || (chosen.size > 0 && bytes + packet.bytes > room))) return;
        chosen.add(packet);
        bytes += packet.bytes;
      }
      if (packet.partly) return;
    }
  };
  const byUrgency = lanes.toSorted((a, b) => a.lane - b.lane);
  const late = ({ lane, passedOver }: WaitingLane<W>) => passedOver - (patience[lane] ?? 0);
  const [overdue] = byUrgency.filter((lane) => late(lane) >= 0).toSorted((a, b) => late(b) - late(a));
  if (overdue) {
    const [rows, room] = [Math.ceil(maxRows / 4), maxBytes / 4];
    for (const lane of byUrgency) if (lane.lane === 0) take(lane, maxRows - rows, maxBytes - room);
    take(overdue, chosen.size + rows, bytes + room, 1);
  }
  for (const lane of byUrgency) take(lane, maxRows, maxBytes);
  return [...chosen].toSorted((a, b) => a.lane - b.lane || a.sequence - b.sequence);
}
