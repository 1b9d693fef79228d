import { expect } from '@playwright/test';
import type { KeyboardInputEvent } from 'electron';
import type { Gate } from '../sim/demo/launch.ts';
import { stageOf } from '../sim/demo/drive.ts';
import { gateTest } from './gate-fixture.ts';

const windows = (['traveller', 'guard', 'technician'] as const).map((audience) => ({
  audience,
  widthPx: 1280,
  heightPx: 800,
  kiosk: false,
  ...(audience === 'traveller' && { keys: ['Tab', 'Enter'] }),
}));
const test = gateTest({ config: { windows } });

type Modifiers = NonNullable<KeyboardInputEvent['modifiers']>;

/**
 * Presses a key in a window the way one of the system comes in. (Playwright's own keys come in behind the shell, where no
 * keyboard can.)
 */
async function press(gate: Gate, audience: string, key: string): Promise<void> {
  const [keyCode = '', ...held] = key.split('+').toReversed();
  const modifiers = held.map((name) => name.toLowerCase()) as Modifiers;
  await gate.app.evaluate(
    ({ BrowserWindow }, { audience, keyCode, modifiers }) => {
      const window = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL().includes(audience));
      for (const type of ['keyDown', ...(keyCode.length === 1 ? (['char'] as const) : []), 'keyUp'] as const)
        window?.webContents.sendInputEvent({ type, keyCode, modifiers });
    },
    { audience, keyCode, modifiers },
  );
}

/** What a hostile keyboard would try: to begin, to type, to reload, to go back, to leave, to zoom, to open tools. */
const hostile = [
  ...['a', 'Z', '7', 'Space', 'Escape', 'Delete', 'Home', 'Down', 'F1', 'F3', 'F5', 'F6', 'F7', 'F10', 'F11', 'F12'],
  ...['r', 'w', 'q', 't', 'n', 'p', 's', 'o', 'u', 'j', 'h', 'l', 'f', '=', '-', '0'].map((key) => `Control+${key}`),
  ...['Control+Shift+i', 'Control+Shift+j', 'Control+Shift+r', 'Control+Enter', 'Control+F5', 'Shift+F10'],
  ...['Alt+Left', 'Alt+Right', 'Alt+Home', 'Alt+d', 'Alt+Enter', 'Meta+r', 'Meta+Enter'],
  ...'https://example.org/ and more'.split(''),
];

/** Notes every key that the page of a window hears. */
const listen = (gate: Gate, audience: 'traveller' | 'guard' | 'technician') =>
  gate[audience].evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    for (const kind of ['keydown', 'keyup', 'keypress', 'beforeinput'])
      window.addEventListener(kind, (event) => heard.push(`${kind} ${(event as KeyboardEvent).key}`), true);
  });
const heardBy = (gate: Gate, audience: 'traveller' | 'guard' | 'technician') =>
  gate[audience].evaluate(() => (window as unknown as { heard?: string[] }).heard);

test("keys that are not configured never reach the traveller's page, nor Chromium's shortcuts", async ({
  scene: { gate },
}) => {
  const { traveller: page, app } = gate;
  await stageOf(page, 'attract');
  await listen(gate, 'traveller');
  await page.locator('button.begin').focus();
  for (const key of hostile) await press(gate, 'traveller', key);
  // A key that is heard, after all those that are not.
  await press(gate, 'traveller', 'Tab');
  await expect.poll(() => heardBy(gate, 'traveller')).toEqual(['keydown Tab', 'keyup Tab']);
  expect(await page.locator('[data-stage]').first().getAttribute('data-stage')).toBe('attract');
  expect(await page.evaluate(() => devicePixelRatio)).toBe(1);
  const [open, tools] = await app.evaluate(({ BrowserWindow }) => [
    BrowserWindow.getAllWindows().length,
    BrowserWindow.getAllWindows().filter((window) => window.webContents.isDevToolsOpened()).length,
  ]);
  expect([open, tools]).toEqual([3, 0]);
});

test('the keys of a configured keypad work as for anyone who cannot touch the screen', async ({ scene: { gate } }) => {
  const { traveller: page } = gate;
  await stageOf(page, 'attract');
  await page.locator('button.begin').focus();
  await press(gate, 'traveller', 'Enter');
  await stageOf(page, 'language');
  const english = page.getByRole('button', { name: 'English', exact: true });
  for (
    let presses = 0;
    presses < 20 && !(await english.evaluate((button) => button === document.activeElement));
    presses++
  )
    await press(gate, 'traveller', 'Tab');
  await press(gate, 'traveller', 'Enter');
  await stageOf(page, 'document');
});

test("a guard's and a technician's window hear keys", async ({ scene: { gate } }) => {
  for (const audience of ['guard', 'technician'] as const) {
    await listen(gate, audience);
    await press(gate, audience, 'x');
    await expect.poll(() => heardBy(gate, audience)).toEqual(['keydown x', 'keypress x', 'keyup x']);
  }
});
