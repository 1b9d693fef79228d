import { join } from 'node:path';
import type { PacketKind, SealedPacket } from '../../main/contract/packet.ts';
import { stream } from '../sim/finger/random.ts';
import { SimulatedCentral } from './central.ts';
import { fail, Invariants, type Known, Violation } from './invariants.ts';
import { SimulatedKiosk } from './kiosk.ts';
import { Network } from './network.ts';
import type { Stock } from './stock.ts';
import { Time } from './time.ts';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const mostSteps = 20_000;
const mostStepsToRest = 4000;
/** After the last fault all must have come to rest in so long, and no request may be made more often than this in the long run. */
const restMs = 180 * minuteMs;
const leastBetweenMs = 400;

/** What came of one schedule. */
export interface Outcome {
  readonly seed: number;
  /** What must never be, and was; nothing where all held. */
  readonly violation: string;
  readonly trace: readonly string[];
  readonly promised: number;
  readonly requests: number;
  readonly crashes: number;
}

/** Runs the schedule of a seed: the same for the same seed, and the same to the last line of its trace. */
export async function runSchedule(seed: number, stock: Stock, directory: string): Promise<Outcome> {
  const random = stream(seed);
  const time = new Time();
  const trace: string[] = [];
  const tell = (line: string) => void trace.push(`${(time.nowMs / 1000).toFixed(3)} s  ${line}`);
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  const central = new SimulatedCentral(join(directory, `${seed}`, 'central'), stock, time, random);
  const invariants = new Invariants();
  let crashes = 0;
  // Some schedules are gentle, and some are not.
  const rough = random() ** 2;

  const network: Network = new Network({
    time,
    central,
    random,
    tell,
    crashed: () => {
      crashes++;
      tell('central crashes');
      time.after(1 + upTo(20_000), () => central.start());
    },
  });
  const kiosk: SimulatedKiosk = new SimulatedKiosk({
    root: join(directory, `${seed}`, 'kiosk'),
    stock,
    time,
    network,
    random,
    dies: (call) => {
      const dies = network.faulty && random() < rough * 0.15;
      if (dies) tell(`the kiosk dies in ${call}`);
      return dies;
    },
    crashed: () => {
      crashes++;
      time.after(1 + upTo(10_000), () => kiosk.up || kiosk.start());
    },
    settling: (settlement) => invariants.settling(settlement, network.said, central),
  });

  const used = new Map<string, number>();
  const take = (kind: PacketKind | 'poison' | 'large'): Known | undefined => {
    const index = used.get(kind) ?? 0;
    used.set(kind, index + 1);
    const packet: SealedPacket | undefined = stock.packets[kind][index];
    return packet && { name: `${kind} ${index + 1}`, packet, poison: kind === 'poison' };
  };
  let latest: [string | null, readonly Known[]] | undefined;
  const conclude = (crossingId: string | null, known: readonly Known[]): void => {
    tell(`concludes ${known.map(({ name }) => name).join(', ')}`);
    invariants.know(known);
    latest = [crossingId, known];
    const packets = known.map(({ packet }) => packet);
    if (kiosk.conclude(crossingId, packets)) return invariants.promise(known);
    // A program that comes back cannot know whether it had promised, and does it again.
    if (random() < 0.5) time.after(15_000, () => kiosk.up && conclude(crossingId, known));
  };

  const deeds: Record<string, () => unknown> = {
    crossing: () => {
      const kinds: (PacketKind | 'poison' | 'large')[] = ['crossing'];
      if (random() < 0.3) kinds.unshift('alarm');
      if (random() < 0.5) kinds.push('biometrics');
      // In parts.
      else if (random() < 0.1) kinds.push('large');
      if (random() < 0.3) kinds.push('guard-decision');
      if (random() < 0.15) kinds.push('poison');
      const known = kinds.map(take).filter((each) => each !== undefined);
      const [first] = known;
      if (first) conclude(first.packet.id, known);
    },
    counts: () => {
      const known = [take(random() < 0.5 ? 'statistics' : 'audit')].filter((each) => each !== undefined);
      if (known.length > 0) conclude(null, known);
    },
    'says it again': () => latest && conclude(...latest),
    'the kiosk restarts': async () => {
      await kiosk.stop();
      kiosk.start();
    },
    'the kiosk dies': () => kiosk.crash(),
    'central dies': () => {
      if (!central.up) return;
      central.crash(random);
      crashes++;
      time.after(1 + upTo(60_000), () => central.start());
    },
    'the line parts': () => {
      network.parted = true;
      time.after(upTo(5 * minuteMs), () => {
        network.parted = false;
        tell('the line is mended');
      });
    },
    'the clock jumps': () => {
      kiosk.offMs += (upTo(10) - 5) * dayMs;
    },
  };
  const names = ['crossing', 'crossing', 'crossing', 'crossing', ...Object.keys(deeds)];

  let checked = '';
  const step = async () => {
    await time.step();
    const state = `${kiosk.volume.changes} ${central.volume.changes}`;
    if (state !== checked) invariants.check(kiosk, central);
    checked = state;
  };
  let violation = '';
  try {
    await central.start();
    kiosk.start();
    const lastsMs = (1 + upTo(20)) * minuteMs;
    for (let i = 3 + upTo(25); i > 0; i--) {
      const name = names[upTo(names.length - 1)]!;
      time.after(upTo(lastsMs), () => {
        if (!kiosk.up) return;
        if (name !== 'crossing' && name !== 'counts') tell(name);
        return deeds[name]!();
      });
    }
    // Something happens when they are over, if only that.
    time.after(lastsMs, () => {});
    for (let steps = 0; time.nowMs < lastsMs; steps++) {
      if (steps > mostSteps) fail('no end of requests', String(network.requests));
      await step();
    }
    tell('faults end');
    network.faulty = false;
    const settled = time.nowMs + 10 * minuteMs;
    const rests = () =>
      kiosk.up && central.up && time.nowMs > settled && kiosk.queue().numbers.size === kiosk.queue().parked.size;
    const untilRest = async () => {
      const deadline = time.nowMs + restMs;
      for (let steps = 0; !rests(); steps++) {
        if (time.nowMs > deadline || steps > mostStepsToRest)
          fail('a queue that does not drain', `${kiosk.queue().numbers.size} left`);
        await step();
      }
    };
    await untilRest();
    // What was blamed for another's fault goes again.
    kiosk.unpark();
    await step();
    await untilRest();
    await invariants.checkEnd(kiosk, central);
    const most = 60 + invariants.promised * 8 + crashes * 20 + time.nowMs / leastBetweenMs / 4;
    if (network.requests > most) fail('too many requests', `${network.requests} of ${Math.round(most)}`);
    await kiosk.stop();
  } catch (error) {
    violation =
      error instanceof Violation
        ? error.message
        : `a fault nobody expected: ${String((error as Error).stack ?? error)}`;
  }
  kiosk.remove();
  central.remove();
  return { seed, violation, trace, promised: invariants.promised, requests: network.requests, crashes };
}
