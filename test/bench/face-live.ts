import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { Diagnostics } from '../../main/contract/technician.ts';
import { root } from '../../main/root.ts';
import { begin, stageOf } from '../sim/demo/drive.ts';
import { type Gate, launchGate } from '../sim/demo/launch.ts';
import { documentOf, Films } from '../sim/demo/props.ts';
import { travellers } from '../sim/demo/travellers.ts';

const watchedMs = 10_000;
const settlingMs = 2000;

/**
 * Measures the live picture in the running program, in windows of their own: how many frames a second the core answers,
 * each with all that a capture does of a face (the challenge reads every frame whole and goes on as long as nobody turns),
 * and how evenly the page is painted meanwhile. Beside it, the same page before the camera is on. Needs a display and the
 * built program; without them it says so.
 */
export async function bench(): Promise<void> {
  if (!process.env['DISPLAY'] || !existsSync(join(root, 'dist/demo/shell.js')))
    return console.log('not measured: needs a display (xvfb-run) and npm run setup');
  const folder = mkdtempSync(join(tmpdir(), 'limen-live-'));
  const films = new Films(join(folder, 'films'));
  const [traveller] = travellers;
  if (!traveller) throw new RangeError('no traveller');
  await films.show(traveller.person);
  const journey = {
    challengeAttempts: 1,
    challengeMs: 120_000,
    spansMs: { language: 120_000, document: 120_000, face: 120_000, challenge: 120_000 },
  };
  const gate = await launchGate({ folder: join(folder, 'gate'), cameraFile: films.cameraFile, config: { journey } });
  try {
    await measure(gate, traveller);
  } finally {
    await gate.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure({ traveller: page, control }: Gate, traveller: (typeof travellers)[number]): Promise<void> {
  const measures = () => control.call<Diagnostics['measures']>('measures');
  await begin(page, 'en');
  await pause(settlingMs);
  console.log(`processors: ${availableParallelism()}`);
  console.log(`baseline, no camera: ${describe(await watchPage(page))}`);
  const { lines, portrait } = await documentOf(traveller);
  await control.call('place-document', { lines, portrait: Buffer.from(portrait).toString('base64') });
  await stageOf(page, 'challenge');
  await pause(settlingMs);
  const before = (await measures())['frame']?.count ?? 0;
  const started = performance.now();
  const painted = await watchPage(page);
  // Diagnostics are told once a second.
  const { count, p50Ms, p95Ms } = (await measures())['frame'] ?? { count: 0, p50Ms: 0, p95Ms: 0 };
  const rate = ((count - before) * 1000) / (performance.now() - started);
  console.log(`live picture: ${describe(painted)}`);
  console.log(
    `frames answered: ${rate.toFixed(1)} a second, ${p50Ms} ms each at the median, ${p95Ms} ms at the 95th percentile`,
  );
}

interface Painted {
  readonly intervalsMs: readonly number[];
  readonly longTasksMs: readonly number[];
}

/** Watches the page from within: time from one paint to the next, and tasks that held it up for 50 ms or more. */
function watchPage(page: Page): Promise<Painted> {
  return page.evaluate(
    (watchedMs) =>
      new Promise<Painted>((resolve) => {
        const intervalsMs: number[] = [];
        const longTasksMs: number[] = [];
        const observer = new PerformanceObserver((list) =>
          longTasksMs.push(...list.getEntries().map(({ duration }) => duration)),
        );
        observer.observe({ entryTypes: ['longtask'] });
        const startedMs = performance.now();
        let lastMs = startedMs;
        const step = (nowMs: number) => {
          intervalsMs.push(nowMs - lastMs);
          lastMs = nowMs;
          if (nowMs - startedMs < watchedMs) return requestAnimationFrame(step);
          observer.disconnect();
          return resolve({ intervalsMs: intervalsMs.slice(1), longTasksMs });
        };
        requestAnimationFrame(step);
      }),
    watchedMs,
  );
}

function describe({ intervalsMs, longTasksMs }: Painted): string {
  const sorted = intervalsMs.toSorted((one, other) => one - other);
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? NaN).toFixed(1);
  const held = longTasksMs.reduce((sum, ms) => sum + ms, 0);
  return `paints ${at(0.5)} ms apart at the median, ${at(0.95)} at the 95th percentile, ${at(0.99)} at the 99th; ${longTasksMs.length} long tasks, ${held.toFixed(0)} ms together`;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
