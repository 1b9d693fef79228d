import { expect } from '@playwright/test';
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

/** What a hostile keyboard would try: to begin, to type, to reload, to go back, to leave, to zoom, to open tools. */
const hostile = [
  ...[
    'a',
    'Z',
    '7',
    'Space',
    'Escape',
    'Delete',
    'Home',
    'ArrowDown',
    'F1',
    'F3',
    'F5',
    'F6',
    'F7',
    'F10',
    'F11',
    'F12',
  ],
  ...['r', 'w', 'q', 't', 'n', 'p', 's', 'o', 'u', 'j', 'h', 'l', 'f', 'Equal', 'Minus', '0'].map(
    (key) => `Control+${key}`,
  ),
  ...['Control+Shift+i', 'Control+Shift+j', 'Control+Shift+r', 'Control+Enter', 'Control+F5', 'Shift+F10'],
  ...['Alt+ArrowLeft', 'Alt+ArrowRight', 'Alt+Home', 'Alt+d', 'Alt+Enter', 'Meta+r', 'Meta+Enter'],
];

test("keys that are not configured never reach the traveller's page, nor Chromium's shortcuts", async ({
  scene: { gate },
}) => {
  const { traveller: page, app } = gate;
  await stageOf(page, 'attract');
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    for (const kind of ['keydown', 'keyup', 'keypress', 'beforeinput'])
      window.addEventListener(kind, (event) => heard.push(`${kind} ${(event as KeyboardEvent).key}`), true);
    document.querySelector<HTMLElement>('button.begin')?.focus();
  });
  for (const key of hostile) await page.keyboard.press(key);
  await page.keyboard.type('https://example.org/ and some more text');
  const after = await page.evaluate(() => ({
    heard: (window as unknown as { heard?: string[] }).heard?.filter((line) => !/Shift|Control|Alt|Meta/.test(line)),
    stage: document.querySelector<HTMLElement>('[data-stage]')?.dataset['stage'],
    ratio: devicePixelRatio,
  }));
  // A page that was loaded again would have forgotten what it heard.
  expect(after).toEqual({ heard: [], stage: 'attract', ratio: 1 });
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
  await page.keyboard.press('Enter');
  await stageOf(page, 'language');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-stage="language"]')).toHaveCount(0);
});

test("a guard's and a technician's window hear keys", async ({ scene: { gate } }) => {
  for (const page of [gate.guard, gate.technician]) {
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      window.addEventListener('keydown', (event) => heard.push(event.key));
    });
    await page.keyboard.press('a');
    expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual(['a']);
  }
});
