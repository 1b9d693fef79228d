/**
 * The demonstration: scripted travellers at a gate with simulated devices, a real central service and the product's own
 * shell, core and pages. `--headless` for no display of one's own, `--screenshots DIR` for a picture of every screen.
 * Prints one line of JSON a crossing; exits 0 when each ended as it must and its record lies at central, 1 otherwise.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import { alarmCodes } from '../../../main/contract/record.ts';
import { recordsAt } from './central-records.ts';
import { cross, guardDecides, stageOf, type Watch } from './drive.ts';
import { type Gate, launchGate } from './launch.ts';
import { Films, laterAlert, watchlist } from './props.ts';
import { type Traveller, travellers } from './travellers.ts';

const { values } = parseArgs({
  options: {
    headless: { type: 'boolean', default: false },
    screenshots: { type: 'string' },
    only: { type: 'string' },
  },
});
const say = (line: string) => process.stderr.write(`limen: ${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'limen-demo-'));
if (values.screenshots) mkdirSync(values.screenshots, { recursive: true });

/** With a display, the travellers take their time so that one can watch. */
const pauseMs = values.headless ? 0 : 1500;

let picture = 0;
const take = async (name: string, page: Page) => {
  if (!values.screenshots) return;
  const number = String(++picture).padStart(2, '0');
  await page.screenshot({ path: join(values.screenshots, `${number}-${name}.png`) });
};

async function demonstrate(gate: Gate, films: Films, traveller: Traveller): Promise<boolean> {
  const started = performance.now();
  const watch: Watch = async (stage, page) => {
    await take(`${traveller.name}-${stage}`, page);
    if (pauseMs) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  };
  const before = await recordsAt(gate.centralFolder);
  const outcome = await cross(gate, films, traveller, watch);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  let reasons: string[] = [];
  if (traveller.alert?.kind === 'discreet-check') {
    await gate.guard.locator('[data-notice="discreet"]').waitFor();
    await take(`${traveller.name}-guard`, gate.guard);
    await gate.guard.locator('[data-notice] button').click();
  }
  if (outcome === 'referred') {
    await gate.guard.locator('[data-reason]').first().waitFor();
    await take(`${traveller.name}-guard`, gate.guard);
    reasons = await guardDecides(gate.guard, traveller.name === 'watchlist-name' ? 'Open the gate' : 'Second line');
  } else await gate.control.call('pass');
  const queued = Number(await gate.control.call('queued'));
  if (traveller.trouble === 'central-down') {
    await take(`${traveller.name}-technician`, gate.technician);
    // A list that was published meanwhile comes with the line.
    await gate.publisher?.publish([{ put: laterAlert }]);
    await gate.central.up();
    await gate.control.call('list-arrived', '2');
    say('version 2 of the watchlist has come from central');
  }
  await gate.control.call('delivered');
  const fresh = (await recordsAt(gate.centralFolder)).slice(before.length);
  const record = fresh.find(({ kind }) => kind === 'crossing');
  const queuedAsExpected = traveller.trouble !== 'central-down' || (queued > 0 && record?.fallback === true);
  const ok =
    outcome === traveller.outcome &&
    traveller.reasons.every((reason) => reasons.includes(reason)) &&
    (outcome === 'referred' || reasons.length === 0) &&
    record?.outcome === (outcome === 'passed' ? 'clear' : 'refer') &&
    fresh.filter(({ kind }) => kind === 'guard-decision').length === (outcome === 'referred' ? 1 : 0) &&
    fresh.filter(({ kind }) => kind === 'crossing').length === 1 &&
    fresh.some(({ kind }) => kind === 'alarm') ===
      (traveller.alert?.kind === 'discreet-check' || alarmCodes.some((code) => reasons.includes(code))) &&
    queuedAsExpected;
  process.stdout.write(
    `${JSON.stringify({ traveller: traveller.name, outcome, reasons, seconds, recordAtCentral: record?.id ?? null, fallback: record?.fallback ?? null, ok })}\n`,
  );
  await stageOf(gate.traveller, 'attract');
  return ok;
}

async function run(): Promise<boolean> {
  const films = new Films(join(folder, 'films'));
  await films.show('freya');
  say('starting central and the kiosk');
  const { alerts } = await watchlist();
  const gate = await launchGate({
    folder: join(folder, 'gate'),
    cameraFile: films.cameraFile,
    portal: true,
    list: alerts.map((alert) => ({ put: alert })),
  });
  try {
    await gate.control.call('list-arrived', '1');
    say('version 1 of the watchlist has come from central');
    let ok = true;
    const chosen = travellers.filter(({ name }) => !values.only || values.only.split(',').includes(name));
    for (const traveller of chosen) {
      say(`traveller: ${traveller.name}`);
      ok = (await demonstrate(gate, films, traveller)) && ok;
    }
    await take('technician', gate.technician);
    await take('attract', gate.traveller);
    if (!values.headless && process.env['DISPLAY'] && process.stdout.isTTY) {
      say('the travellers have passed; close a window or press Ctrl-C to end');
      await gate.app.waitForEvent('close', { timeout: 0 });
    }
    return ok;
  } finally {
    await gate.close();
  }
}

try {
  const ok = await run();
  say(ok ? 'every crossing ended as it must' : 'a crossing did not end as it must');
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  say(`the demonstration failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
