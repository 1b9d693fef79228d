import { expect, type Page } from '@playwright/test';
import sharp from 'sharp';
import type { Alert } from '../../main/contract/watchlist.ts';
import type { Gate } from '../sim/demo/launch.ts';
import { cross, stageOf } from '../sim/demo/drive.ts';
import type { Films } from '../sim/demo/props.ts';
import { type Traveller, travellers } from '../sim/demo/travellers.ts';
import { gateTest } from './gate-fixture.ts';

const patient = {
  language: 120_000,
  document: 120_000,
  face: 120_000,
  finger: 120_000,
  passed: 120_000,
  deciding: 30_000,
  recording: 30_000,
};
// Slots are long, so that there is time to look at the view in which the kiosk decides.
const test = gateTest({ config: { journey: { slotMs: 5000, spansMs: patient, faceCaptureMs: 60_000 } } });
const clear = travellers.find(({ name }) => name === 'clear')!;

/** What helps the hand goes by the moment at which the finger lies, and not by what is found. */
const withoutHints = '.hint { display: none !important }';

let version = 100;
async function importAlert(gate: Gate, order: Pick<Alert, 'category' | 'action' | 'silent'>, number: string) {
  const alert: Alert = {
    reference: 'LIST-1',
    ...order,
    documents: [{ number, issuingState: 'UTO' }],
    identities: [],
    fingers: [],
    faces: [],
  };
  await gate.control.call('import-watchlist', {
    version: ++version,
    madeAt: new Date().toISOString(),
    alerts: [alert],
  });
}

/** Walks a traveller through and gives the picture of each view, as raw pixels. */
async function pictures(gate: Gate, films: Films, traveller: Traveller): Promise<Map<string, Buffer>> {
  const shown = new Map<string, Buffer>();
  const take = async (stage: string, page: Page) => {
    const png = await page.screenshot({ animations: 'disabled', caret: 'hide', style: withoutHints });
    expect(await page.locator('[data-stage]').first().getAttribute('data-stage'), 'still the view that is meant').toBe(
      stage,
    );
    shown.set(stage, await sharp(png).removeAlpha().raw().toBuffer());
  };
  let checking: Promise<void> = Promise.resolve();
  const ended = await cross(gate, films, traveller, async (stage, page) => {
    if (stage === 'finger') checking = stageOf(page, 'checking').then(() => take('checking', page));
    // Its picture is the camera's, which no two crossings share; test/silence compares what the window is told.
    if (stage !== 'face') await take(stage, page);
  });
  await checking;
  if (ended === 'passed') await gate.control.call('pass');
  await stageOf(gate.traveller, 'attract');
  return shown;
}

/** How many values of the pixels differ; all of them where the sizes do. */
function difference(one: Buffer | undefined, other: Buffer | undefined): number {
  if (!one || !other || one.length !== other.length) return Infinity;
  return one.reduce((sum, value, at) => sum + Number(value !== other[at]), 0);
}

const discreet = { category: 'discreet-check', action: 'discreet-check', silent: true } as const;
const arrest = { category: 'arrest', action: 'arrest', silent: false } as const;
const stages = ['attract', 'language', 'document', 'finger', 'checking', 'passed'];

for (const language of ['en', 'ar'] as const)
  test(`every view but the camera’s is the same to the pixel with a silent hit and without (${language})`, async ({
    scene,
  }) => {
    const { gate, films } = scene;
    const traveller = { ...clear, language };
    await importAlert(gate, discreet, 'X0000000');
    const plain = await pictures(gate, films, traveller);
    await importAlert(gate, discreet, traveller.document.number);
    const watched = await pictures(gate, films, traveller);
    expect([...plain.keys()]).toEqual(stages);
    expect([...watched.keys()]).toEqual(stages);
    for (const stage of stages) expect.soft(difference(plain.get(stage), watched.get(stage)), stage).toBe(0);
    const notice = gate.guard.locator('[data-notice="discreet"]');
    await expect(notice).toContainText('LIST-1');
    await notice.getByRole('button').click();
  });

test('the comparison sees a hit that refers', async ({ scene }) => {
  const { gate, films } = scene;
  await importAlert(gate, arrest, clear.document.number);
  const referred = await pictures(gate, films, clear);
  expect([...referred.keys()]).toEqual([...stages.slice(0, -1), 'referred']);
  await importAlert(gate, arrest, 'X0000000');
  expect(difference(referred.get('referred'), (await pictures(gate, films, clear)).get('passed'))).toBeGreaterThan(
    1000,
  );
});
