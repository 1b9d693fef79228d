import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSbmsLog } from '../../central/sbms/sbms-log.ts';
import { Sbms } from '../../central/sbms/sbms.ts';
import { Templates } from '../../central/sbms/templates.ts';
import { SqliteDatabase } from '../../central/sqlite.ts';
import { FingerGallery } from '../../native/finger-gallery.ts';
import { fingerModel } from '../../native/finger-model.ts';
import { closedConfiguration } from '../../central/esp/configuration.ts';
import { drawnCache } from '../evaluate/drawn-samples.ts';
import { drawTemplate } from '../sim/finger/draw-template.ts';
import { drawTemplates } from '../sim/finger/draw-templates.ts';

const first = 1_000_000;
const searches = 15;
const position = 'unknown' as const;

/**
 * Searches files of one finger each through the matching service (database, log, exact comparison of what is found), beside the
 * native gallery alone with the same fingers, in turns; and how long the service takes to read them at its start. A number says
 * how many files: 20,000 where there is none.
 */
export async function bench(): Promise<void> {
  const files = Number(process.argv.find((argument) => /^[1-9]\d{2,6}$/.test(argument)) ?? 20_000);
  const set = await drawTemplates({ first, count: files, impression: 1 }, { cacheDir: drawnCache });
  const directory = mkdtempSync(join(tmpdir(), 'limen-'));
  const database = new SqliteDatabase(join(directory, 'central.db'), randomBytes(32));
  try {
    const templates = await Templates.open(database);
    const log = await openSbmsLog(database, 12);
    await database.transaction(async () => {
      for (let i = 0; i < files; i++) {
        const { model, version } = fingerModel;
        const stored = { kind: 'finger' as const, position, model, version, quality: 80, template: set.at(i) };
        await templates.put('EES', `F${i}`, 'finger', [stored]);
      }
    });
    const gallery = new FingerGallery();
    for (let at = 0; at < files; at += 20_000)
      await gallery.add(
        Array.from({ length: Math.min(20_000, files - at) }, (_, i) => ({
          id: `F${at + i}`,
          position,
          template: { ...fingerModel, bytes: set.at(at + i) },
        })),
      );
    const openedMs = performance.now();
    const rules = closedConfiguration.biometrics;
    const sbms = await Sbms.open(database, { log, rules, now: () => new Date() });
    await sbms.follow();
    console.log(
      `sbms: ${files} files read in ${((performance.now() - openedMs) / 1000).toFixed(1)} s, ${(sbms.bytes / 1e6).toFixed(0)} MB`,
    );
    const { signal } = new AbortController();
    const asker = { queryId: 'bench', authority: 'bench', purpose: 'bench', caseId: 'bench' };
    const times = { native: [] as number[], sbms: [] as number[] };
    let same = 0;
    for (let i = 0; i < searches; i++) {
      const mate = Math.floor((i * files) / searches);
      const template = { ...fingerModel, bytes: drawTemplate({ finger: first + mate, impression: 2 }) };
      const probe = { fingers: [{ position, template }], good: true };
      const startedMs = performance.now();
      const [best] = await gallery.search({ probes: probe.fingers, k: 100, signal });
      const betweenMs = performance.now();
      const { candidates } = await sbms.search('EES', probe, asker, signal);
      times.native.push(betweenMs - startedMs);
      times.sbms.push(performance.now() - betweenMs);
      // Where the best one is no candidate, there must be none.
      if (candidates.length === 0 || candidates[0]?.file === best?.id) same++;
    }
    const least = (values: readonly number[]) => Math.min(...values);
    const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
    for (const [name, of] of [
      ['least', least],
      ['median', middle],
    ] as const) {
      const [alone, whole] = [of(times.native), of(times.sbms)];
      console.log(
        `sbms: 1:N ${name} ${whole.toFixed(1)} ms, native search alone ${alone.toFixed(1)} ms, ratio ${(whole / alone).toFixed(2)}`,
      );
    }
    console.log(`sbms: ${same} of ${searches} probes give what the native search gives first`);
    gallery.close();
    await sbms.close();
  } finally {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
