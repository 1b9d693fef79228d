import { monitorEventLoopDelay } from 'node:perf_hooks';
import { FaceGallery } from '../../main/biometrics/face/face-gallery.ts';
import type { FaceTemplate } from '../../main/contract/biometrics.ts';
import { normal, stream } from '../sim/finger/random.ts';

const values = 512;
const usualFaces = 200_000;
const allFaces = 1_000_000;
const atOnce = 10_000;
const rounds = 60;
const k = 10;

/**
 * Measures the exact search of a gallery of 200,000 faces of 512 values (a million by `--full`): milliseconds from the
 * call to the answer, beside what reading the same memory once takes on the same threads, taken in turns with it.
 */
export async function bench(): Promise<void> {
  const faces = process.argv.includes('--full') ? allFaces : usualFaces;
  const gallery = new FaceGallery({ model: 'bench', version: '1', values });
  const random = stream(1);
  const pool = Array.from({ length: 8192 }, () => normal(random));
  const draw = (seed: number): FaceTemplate => {
    const from = stream(seed, 9);
    const offset = Math.floor(from() * pool.length);
    const step = 1 + 2 * Math.floor(from() * 500);
    const drawn = Float32Array.from({ length: values }, (_, index) => pool[(offset + index * step) % pool.length]!);
    return { model: 'bench', version: '1', values: drawn };
  };
  for (let added = 0; added < faces; added += atOnce) {
    await gallery.add(
      Array.from({ length: atOnce }, (_, index) => ({ id: String(added + index), template: draw(added + index) })),
    );
  }
  const signal = new AbortController().signal;
  const [searches, reads]: [number[], number[]] = [[], []];
  const cpu = { search: 0, read: 0 };
  const cpuSince = (before: NodeJS.CpuUsage) => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / rounds;
  };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  for (let round = 0; round < rounds; round++) {
    const idle = process.cpuUsage();
    reads.push(await gallery.readLimit());
    cpu.read += cpuSince(idle);
    const probe = draw(Math.floor(random() * faces));
    const before = process.cpuUsage();
    delay.enable();
    const begun = performance.now();
    await gallery.search({ probes: [{ template: probe }], k, signal });
    searches.push(performance.now() - begun);
    delay.disable();
    cpu.search += cpuSince(before);
  }
  const at = (times: number[], part: number) =>
    times.toSorted((one, other) => one - other)[Math.floor(part * times.length)] ?? NaN;
  console.log(`${faces} faces of ${values} values, the best ${k}, ${rounds} rounds`);
  for (const [name, part] of [
    ['p50', 0.5],
    ['p99', 0.99],
    ['least', 0],
  ] as const) {
    const [search, read] = [at(searches, part), at(reads, part)];
    console.log(
      `${name}: search ${search.toFixed(2)} ms, reading ${read.toFixed(2)} ms, ${(search / read).toFixed(2)} x`,
    );
  }
  const { search, read } = cpu;
  console.log(
    `processor time: search ${search.toFixed(2)} ms, reading ${read.toFixed(2)} ms, ${(search / read).toFixed(2)} x`,
  );
  console.log(
    `event loop: turns of 1 ms late by ${(delay.max / 1e6 - 1).toFixed(1)} ms at most, ${(delay.mean / 1e6 - 1).toFixed(2)} ms on average`,
  );
  gallery.close();
}
