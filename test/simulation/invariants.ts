import { laneOf, type Lane, type SealedPacket } from '../../main/contract/packet.ts';
import type { Settlement } from '../../main/store/outbox.ts';
import type { SimulatedCentral } from './central.ts';
import type { SimulatedKiosk } from './kiosk.ts';

/** A packet of a schedule, by the name its trace calls it. */
export interface Known {
  readonly name: string;
  readonly packet: SealedPacket;
  readonly poison: boolean;
}

/** What must hold after every step, whatever has befallen. Each check throws with the name of what does not. */
export class Invariants {
  readonly #promised = new Set<string>();
  readonly #known = new Map<string, Known>();
  readonly #numbers = new Map<string, number>();
  /** What was set aside at some time has lost its place in the lane. */
  readonly #parked = new Set<string>();

  know(packets: readonly Known[]): void {
    for (const known of packets) this.#known.set(known.packet.id, known);
  }

  promise(packets: readonly Known[]): void {
    for (const { packet } of packets) this.#promised.add(packet.id);
  }

  get promised(): number {
    return this.#promised.size;
  }

  #remembered: unknown;

  /** The same for what is seen from inside the product, which would catch what is thrown: the next check throws it. */
  settling(settlement: Settlement, said: string, central: SimulatedCentral): void {
    try {
      this.#settling(settlement, said, central);
    } catch (error) {
      this.#remembered ??= error;
    }
  }

  /** The kiosk is about to delete: central must have said so, in the untouched answer to this very request. */
  #settling({ stored = [] }: Settlement, said: string, central: SimulatedCentral): void {
    if (stored.length === 0) return;
    const [, payload = ''] = said.split('.');
    if (payload === '') return fail('a deletion without a receipt', stored.map((id) => this.#name(id)).join(' '));
    const receipt = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { stored: { id: string }[] };
    const named = new Set(receipt.stored.map(({ id }) => id));
    for (const id of stored) if (!named.has(id)) fail('a deletion that the receipt does not name', this.#name(id));
    if (!central.up) return;
    const held = new Set(central.ids());
    for (const id of stored) if (!held.has(id)) fail('a receipt for what central has not', this.#name(id));
  }

  /** Nothing lost, nothing doubled, order by lane, numbers without gaps. */
  check(kiosk: SimulatedKiosk, central: SimulatedCentral): void {
    if (this.#remembered) throw this.#remembered;
    const queue = kiosk.up ? kiosk.queue() : undefined;
    const ids = central.up ? central.ids() : undefined;
    if (ids && new Set(ids).size !== ids.length) fail('a record stored twice', String(ids.length));
    if (queue) {
      const { numbers, parked, lastNumber, delivered } = queue;
      for (const id of parked) this.#parked.add(id);
      if (lastNumber !== delivered + numbers.size)
        fail('numbers with a gap', `${lastNumber} of ${delivered + numbers.size}`);
      for (const [id, number] of numbers) {
        const before = this.#numbers.get(id) ?? number;
        this.#numbers.set(id, number);
        if (before !== number) fail('a number given anew', this.#name(id));
      }
    }
    if (ids) this.#order(ids);
    if (!queue || !ids) return;
    const held = new Set(ids);
    for (const id of this.#promised)
      if (!held.has(id) && !queue.numbers.has(id)) fail('a promised record lost', this.#name(id));
    for (const [number, id] of central.numbers()) {
      const given = this.#numbers.get(id);
      if (given !== undefined && given !== number) fail('a record under another number', this.#name(id));
    }
  }

  /** When all has come to rest: everything is at central but what central will never take, and that is parked. */
  async checkEnd(kiosk: SimulatedKiosk, central: SimulatedCentral): Promise<void> {
    const { parked, numbers } = kiosk.queue();
    const held = new Set(central.ids());
    for (const id of this.#promised) {
      const { poison } = this.#known.get(id)!;
      if (poison !== parked.has(id))
        fail(poison ? 'poison that is not parked' : 'a good record parked', this.#name(id));
      if (!poison && !held.has(id)) fail('a record that did not arrive', this.#name(id));
    }
    if (numbers.size !== parked.size) fail('a queue that did not drain', String(numbers.size));
    const gaps = await central.gaps();
    if (gaps.length > 0) fail('numbers that never came', JSON.stringify(gaps));
  }

  #order(ids: readonly string[]): void {
    const last = new Map<Lane, number>();
    for (const id of ids) {
      const number = this.#numbers.get(id);
      if (number === undefined || this.#parked.has(id)) continue;
      const lane = laneOf[this.#known.get(id)!.packet.kind];
      if ((last.get(lane) ?? 0) > number) fail('a lane out of order', this.#name(id));
      last.set(lane, number);
    }
  }

  #name(id: string): string {
    return this.#known.get(id)?.name ?? 'an unknown packet';
  }
}

/** Something that must never be. */
export class Violation extends Error {}

/** Says what must never be, and of what. */
export function fail(what: string, of: string): never {
  throw new Violation(`${what}: ${of}`);
}
