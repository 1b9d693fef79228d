import type { Locator, Page } from 'playwright';
import type { Language } from '../../../main/contract/traveller.ts';
import { travellerWords } from '../../../renderer/words/languages.ts';
import type { Gate } from './launch.ts';
import { documentOf, type Films, fingerImage } from './props.ts';
import type { Traveller } from './travellers.ts';

/** Long enough for a slow machine. */
const patienceMs = 120_000;

/** What is told of every new screen; a demonstration takes a picture of it. */
export type Watch = (stage: string, page: Page) => Promise<void>;

/**
 * Waits until the traveller's screen is at a stage, or at one of several; gives which. The page itself watches: however slow
 * the machine, a stage that soon gives way to the next is not missed.
 */
export function stageOf(page: Page, ...stages: readonly string[]): Promise<string> {
  return page.evaluate(
    ({ stages, patienceMs }) =>
      new Promise<string>((resolve, reject) => {
        const look = () => {
          const stage = document.querySelector<HTMLElement>('[data-stage]')?.dataset['stage'];
          if (stage === undefined || !stages.includes(stage)) return;
          watch.disconnect();
          resolve(stage);
        };
        const watch = new MutationObserver(look);
        watch.observe(document, { subtree: true, childList: true, attributeFilter: ['data-stage'] });
        setTimeout(() => reject(new Error(`the screen is not at ${stages.join(' or ')}`)), patienceMs);
        look();
      }),
    { stages, patienceMs },
  );
}

/** What the technician's window says of a device. */
export function deviceOf(page: Page, role: string): Locator {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: role }) });
}

/** Touches the screen and chooses a language. */
export async function begin(page: Page, language: Language, watch: Watch = async () => {}): Promise<void> {
  await stageOf(page, 'attract');
  await watch('attract', page);
  await page.locator('button.begin').click();
  await stageOf(page, 'language');
  await watch('language', page);
  await page.getByRole('button', { name: travellerWords[language].name, exact: true }).click();
  await stageOf(page, 'document');
}

/** Walks one traveller through the gate, up to the screen that ends the crossing: `passed` or `referred`. */
export async function cross(
  gate: Gate,
  films: Films,
  traveller: Traveller,
  watch: Watch = async () => {},
): Promise<string> {
  const { traveller: page, control, central } = gate;
  await films.show(traveller.person);
  await begin(page, traveller.language, watch);
  await watch('document', page);
  const { lines, portrait } = await documentOf(traveller);
  await control.call('place-document', { lines, portrait: Buffer.from(portrait).toString('base64') });
  let stage = await stageOf(page, 'face', 'passed', 'referred');
  await control.call('remove-document');
  if (stage === 'face') {
    await page.locator('video, [data-stage]:not([data-stage="face"])').first().waitFor({ timeout: patienceMs });
    await watch('face', page);
    if (traveller.trouble === 'central-down') await central.down();
    stage = await stageOf(page, 'finger', 'passed', 'referred');
  }
  if (stage === 'finger') {
    await watch('finger', page);
    await layFinger(gate, traveller, watch);
  }
  const ended = await stageOf(page, 'passed', 'referred');
  await watch(ended, page);
  return ended;
}

/** Lays the finger on the glass, once for each of the traveller's touches. */
async function layFinger({ traveller: page, control }: Gate, traveller: Traveller, watch: Watch): Promise<void> {
  for (const [attempt, condition] of traveller.touches.entries()) {
    const { widthPx, heightPx, dpi, pixels } = fingerImage(traveller.finger, attempt, condition);
    const image = { widthPx, heightPx, dpi, pixels: Buffer.from(pixels).toString('base64') };
    if (traveller.trouble === 'scanner-unplugged') {
      await control.call('finger-and-unplug', { image });
      const waiting = travellerWords[traveller.language].finger.hints.wait;
      await page.getByText(waiting).first().waitFor({ timeout: patienceMs });
      await watch('scanner-away', page);
      await control.call('plug-scanner');
    }
    await control.call('finger', { image });
  }
}

/** Lets the guard decide the one case there is, and waits until it is gone. */
export async function guardDecides(page: Page, outcome: 'Open the gate' | 'Second line'): Promise<string[]> {
  const reasons = page.locator('[data-reason]');
  await reasons.first().waitFor({ timeout: patienceMs });
  const codes = await reasons.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-reason') ?? ''));
  await page.locator('.quick button').first().click();
  await page.getByRole('button', { name: outcome }).click();
  await reasons.first().waitFor({ state: 'detached', timeout: patienceMs });
  return codes;
}
