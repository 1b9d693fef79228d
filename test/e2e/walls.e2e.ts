import { expect, type Page } from '@playwright/test';
import { begin, stageOf } from '../sim/demo/drive.ts';
import { gateTest } from './gate-fixture.ts';

const test = gateTest({ size: { widthPx: 1280, heightPx: 800 } });

/** What the core answers to raw messages on this page's port. The page asks there, too: ids from 1001 on are those of the test. */
const answers = (page: Page, messages: readonly unknown[]) =>
  page.evaluate(async (messages) => {
    const port = await new Promise<MessagePort>((resolve) => {
      window.addEventListener('message', (event) => event.data === 'limen:wire' && resolve(event.ports[0]!));
      (window as unknown as { limen: { ready(): void } }).limen.ready();
    });
    const heard: unknown[] = [];
    port.addEventListener('message', ({ data }) => 'id' in data && heard.push(data));
    port.start();
    for (const message of messages) port.postMessage(message);
    port.postMessage({ id: 1999, name: 'nothing', ask: null });
    while (!heard.some((answer) => (answer as { id: number }).id === 1999))
      await new Promise((done) => setTimeout(done, 20));
    return heard.filter((answer) => [1001, 1002, 1003, 1004].includes((answer as { id: number }).id));
  }, messages);

test("a traveller's page cannot call what belongs to the guard or the technician", async ({ scene: { gate } }) => {
  const stolen = await answers(gate.traveller, [
    {
      id: 1001,
      name: 'decide',
      ask: { crossingId: '01a20be3-1d6b-7765-9a70-e16e4145fabd', outcome: 'admit', reason: 'because' },
    },
    { id: 1002, name: 'selfTest', ask: { role: 'gate' } },
    { id: 1003, name: '__proto__', ask: {} },
    { id: 1004, name: 'constructor', ask: {} },
  ]);
  expect(stolen).toEqual([1001, 1002, 1003, 1004].map((id) => ({ id, fault: 'contract.breach' })));
});

test('malformed messages are dropped or refused, and the kiosk goes on', async ({ scene: { gate } }) => {
  const heard = await answers(gate.traveller, [
    null,
    42,
    'x'.repeat(1_000_000),
    { id: 'one', name: 'begin' },
    { id: 1001, name: 'choose', ask: { language: 'tlh' } },
    { id: 1002, name: 'frame', ask: { sequence: 1, luma: new Uint8Array(10), widthPx: 320, heightPx: 240 } },
    { id: 1003, name: 'frame', ask: { sequence: -1, takenAtMs: Number.NaN, widthPx: 1e9, heightPx: 1e9, luma: [] } },
    { id: 1004, name: 'camera', ask: { state: 'running', label: 'x'.repeat(10_000) } },
  ]);
  expect(heard).toEqual([1001, 1002, 1003, 1004].map((id) => ({ id, fault: 'contract.breach' })));
  await begin(gate.traveller, 'de');
  await gate.traveller.locator('.leaving button').first().click();
  await stageOf(gate.traveller, 'attract');
});

test('pages are locked in: no Node, no navigation, no window, no network, no devices, no microphone', async ({
  scene: { gate },
}) => {
  for (const page of [gate.traveller, gate.guard, gate.technician]) {
    const url = page.url();
    const found = await page.evaluate(async () => {
      const refused = (work: () => Promise<unknown>) =>
        work().then(
          () => 'granted',
          () => 'refused',
        );
      const { mediaDevices } = navigator;
      const opened = window.open('https://example.org/');
      const anyNavigator = navigator as unknown as Record<
        string,
        { requestDevice?: (options: object) => Promise<unknown> }
      >;
      return {
        node: ['require', 'process', 'Buffer', 'ipcRenderer'].filter((name) => name in window),
        opened: opened === null ? 'refused' : 'granted',
        fetch: await refused(() => fetch('https://example.org/')),
        file: await refused(() => fetch('file:///etc/passwd')),
        // The debugger's own evaluation may use eval; what the page runs later may not.
        eval: await new Promise((resolve) =>
          setTimeout(() => {
            // oxlint-disable-next-line typescript/no-implied-eval -- whether it is refused is the question
            resolve(refused(async () => new Function('return 1')()));
          }, 0),
        ),
        inline: await new Promise((resolve) => {
          const script = document.createElement('script');
          script.textContent = 'document.body.dataset.inline = "ran"';
          document.body.append(script);
          resolve(document.body.dataset['inline'] ?? 'refused');
        }),
        microphone: await refused(() => mediaDevices.getUserMedia({ audio: true })),
        hid: await refused(async () => {
          const devices = (await anyNavigator['hid']?.requestDevice?.({ filters: [] })) as unknown[];
          if (!devices?.length) throw new Error('none');
        }),
      };
    });
    expect(found).toEqual({
      node: [],
      opened: 'refused',
      fetch: 'refused',
      file: 'refused',
      eval: 'refused',
      inline: 'refused',
      microphone: 'refused',
      hid: 'refused',
    });
    await page.evaluate(() => location.assign('https://example.org/')).catch(() => {});
    await page.waitForTimeout(200);
    expect(page.url()).toBe(url);
  }
});

test("the camera is for the traveller's window alone", async ({ scene: { gate } }) => {
  const asks = (page: Page) =>
    page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ video: true }).then(
        (stream) => (stream.getTracks().forEach((track) => track.stop()), 'granted'),
        () => 'refused',
      ),
    );
  expect(await asks(gate.guard)).toBe('refused');
  expect(await asks(gate.technician)).toBe('refused');
  expect(await asks(gate.traveller)).toBe('granted');
});
