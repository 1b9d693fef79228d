import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Fault } from '../../../main/contract/fault.ts';
import { seededRandom } from '../../sim/devices/fault-line.ts';
import { conversations } from './conversations.ts';
import { mutated } from './mutate.ts';
import { type Parser, parsers } from './parsers.ts';

const usualCases = 500_000;
/** One conversation, of some dozens of messages, for so many cases of a parser. */
const casesPerConversation = 200;
/** What a parser, or all conversations of a driver, may hold on to at most. */
const mostGrowthBytes = 16 * 1024 * 1024;
const findingsShown = 5;

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

interface Outcome {
  readonly cases: number;
  readonly findings: readonly string[];
  readonly growthBytes: number;
  readonly ms: number;
}

/**
 * Fuzzes what reads the bytes of devices: `npm run fuzz -- devices [CASES [SEED]]`, so many cases for each parser. The same
 * seed gives the same cases. What throws anything but a Fault, breaks what its users rely on, or keeps memory is a finding;
 * gives how many there were.
 */
export async function fuzzDevices(args: readonly string[]): Promise<number> {
  const [cases, seed] = [args[0] ?? usualCases, args[1] ?? 1].map(Number);
  if (!Number.isInteger(cases) || !Number.isInteger(seed)) throw new Error('wanted: devices [CASES [SEED]]');
  const outcomes: Outcome[] = [];
  const run = async (name: string, work: () => Promise<Omit<Outcome, 'growthBytes' | 'ms'>>): Promise<void> => {
    const outcome = await measured(work);
    outcomes.push(outcome);
    const { cases, findings, growthBytes, ms } = outcome;
    const speed = Math.round(cases / (ms / 1000)).toLocaleString('en');
    const kept = `${(growthBytes / 1024 / 1024).toFixed(1)} MiB kept`;
    console.log(`${name.padEnd(32)}${cases.toLocaleString('en').padStart(12)} cases  ${speed.padStart(9)}/s  ${kept}`);
    for (const finding of findings.slice(0, findingsShown)) console.log(`  finding: ${finding}`);
  };
  for (const [name, parser] of Object.entries(parsers)) await run(name, async () => fuzzParser(parser, cases!, seed!));
  for (const [name, talk] of Object.entries(conversations))
    await run(`${name} conversations`, () => fuzzConversation(talk, Math.ceil(cases! / casesPerConversation), seed!));
  const total = outcomes.reduce((sum, outcome) => sum + outcome.cases, 0);
  const findings = outcomes.reduce((sum, outcome) => sum + outcome.findings.length, 0);
  console.log(`${total.toLocaleString('en')} cases, ${findings} findings (seed ${seed})`);
  return findings;
}

function fuzzParser({ seeds, mend, read }: Parser, cases: number, seed: number): Omit<Outcome, 'growthBytes' | 'ms'> {
  const random = seededRandom(seed);
  const findings: string[] = [];
  for (let at = 0; at < cases; at++) {
    const changed = mutated(seeds, random);
    const bytes = mend && random() < 0.7 ? mend(changed) : changed;
    try {
      read(bytes);
    } catch (error) {
      if (error instanceof Fault && error.code === 'device.protocol') continue;
      findings.push(`case ${at}: ${String(error)} of ${Buffer.from(bytes).toString('hex')}`);
    }
  }
  return { cases, findings };
}

async function fuzzConversation(
  talk: (typeof conversations)[string],
  cases: number,
  seed: number,
): Promise<Omit<Outcome, 'growthBytes' | 'ms'>> {
  const findings: string[] = [];
  for (let at = 0; at < cases; at++) {
    // Each has a seed of its own, so that one can be had again without those before it.
    await talk(seededRandom(seed * 1_000_003 + at)).catch((error: unknown) =>
      findings.push(`conversation ${at}: ${String(error)}`),
    );
  }
  return { cases, findings };
}

async function measured(work: () => Promise<Omit<Outcome, 'growthBytes' | 'ms'>>): Promise<Outcome> {
  const before = held();
  const startedAtMs = performance.now();
  const outcome = await work();
  const ms = performance.now() - startedAtMs;
  const growthBytes = held() - before;
  const findings = growthBytes > mostGrowthBytes ? [...outcome.findings, 'memory was kept'] : outcome.findings;
  return { ...outcome, findings, growthBytes, ms };
}

/** Bytes in use once everything that can be given up was. */
function held(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
