import { parseArgs } from 'node:util';
import { simulate, tell } from '../simulation/simulation.ts';
import { elsewhere, matrix } from './matrix.ts';
import { disproof, type Finding, type Row } from './row.ts';

/*
 * npm run test:faults                                    every row in its long form, and the simulation
 * npm run test:faults -- 1 8 [--short]                   these rows
 * npm run test:faults -- simulation --seeds 500 --from 1 [--processes 2]
 * Ends with 1 when a promise was broken or a control was not caught, and in CI when a row could not run that must.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    processes: { type: 'string', default: '2' },
  },
});
const length = values.short ? 'short' : 'long';
let failures = 0;

const wanted = positionals.filter((name) => name !== 'simulation').map(Number);
const rows = matrix.filter(({ number }) => positionals.length === 0 || wanted.includes(number));
const unknown = wanted.filter((number) => !matrix.some((row) => row.number === number) && !(number in elsewhere));
if (unknown.length > 0 || wanted.some(Number.isNaN)) {
  console.error(
    `no row ${unknown.join(', ')}; there are: ${[...new Set(matrix.map(({ number }) => number))].join(', ')}, simulation`,
  );
  process.exit(2);
}
for (const row of rows) await prove(row);
for (const [number, where] of Object.entries(elsewhere))
  if (positionals.length === 0 || wanted.includes(Number(number)))
    console.log(`${number.padStart(2)}  not here: ${where}`);
if (positionals.length === 0 || positionals.includes('simulation')) await runSimulation();
// What a control left hanging keeps nothing.
process.exit(failures === 0 ? 0 : 1);

async function prove(row: Row): Promise<void> {
  const { number, fault, promise, injection, control } = row;
  console.log(`${String(number).padStart(2)}  ${fault}\n    promise:   ${promise}\n    injection: ${injection}`);
  const unable = row.unable?.();
  if (unable !== undefined) {
    console.log(`    SKIPPED:   ${unable}`);
    // A machine that says it can (LIMEN_FAULTS_REQUIRED=1) must.
    if (process.env['LIMEN_FAULTS_REQUIRED']) failures++;
    return;
  }
  const held = await row.prove(length);
  report('found', held, held.broken.length === 0 ? 'holds' : `BROKEN: ${held.broken.join(', ')}`);
  if (held.broken.length > 0) failures++;
  const caught = await disproof(row, length);
  console.log(`    control:   ${control}`);
  report('found', caught, caught.broken.length > 0 ? 'caught' : 'NOT CAUGHT: this row proves nothing');
  if (caught.broken.length === 0) failures++;
}

function report(name: string, { figures }: Finding, verdict: string): void {
  const told = Object.entries(figures).map(([key, value]) => `${key} ${value}`);
  // No loss in N cycles bounds the loss in a cycle, at 95 % (rule of three).
  const { cycles, lost } = figures;
  const bound = cycles && lost === 0 ? `; under ${(300 / cycles).toFixed(2)} % of cycles lose (95 %)` : '';
  console.log(`    ${`${name}:`.padEnd(10)} ${told.join(', ')}: ${verdict}${bound}`);
}

async function runSimulation(): Promise<void> {
  const [seeds, from, processes] = [values.seeds, values.from, values.processes].map(Number) as [
    number,
    number,
    number,
  ];
  const startedMs = performance.now();
  let done = 0;
  const outcomes = await simulate({
    from,
    seeds,
    processes,
    onOutcome: (outcome) => {
      if (outcome.violation) console.log(tell(outcome));
      if (++done % 500 === 0) console.log(`    ${done} of ${seeds} schedules`);
    },
  });
  const sum = (of: 'promised' | 'requests' | 'crashes') => outcomes.reduce((total, outcome) => total + outcome[of], 0);
  const broken = outcomes.filter(({ violation }) => violation !== '').length;
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  console.log(
    `simulation: ${outcomes.length} schedules from seed ${from} in ${seconds} s, ${sum('promised')} promised, ` +
      `${sum('requests')} requests, ${sum('crashes')} crashes: ${broken} broken`,
  );
  if (broken > 0 || outcomes.length < seeds) failures++;
}
