import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault } from '../../main/contract/fault.ts';
import { decodeCapabilities, decodeCondition } from '../../main/devices/finger-imager-features.ts';
import { decodeImageHeader, decodeIdentity, reportId, seal } from '../../main/devices/finger-imager-protocol.ts';
import { SlapImager } from '../../main/devices/slap-imager.ts';
import { mostBulkFragmentBytes, reportEndpoints, reportInterface } from '../../main/devices/usb-report-port.ts';
import { seededRandom } from '../sim/devices/fault-line.ts';
import { SimUsbBus } from '../sim/devices/sim-usb-bus.ts';
import { SlapImagerModel } from '../sim/devices/slap-imager-model.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

/** How many times as many cases are tried; more by hand. */
const effort = Number(process.env['SLAP_EFFORT'] ?? 1);
const never = new AbortController().signal;
const image = { widthPx: 90, heightPx: 70, dpi: 500, pixels: new Uint8Array(6_300).map((_, n) => (n * 7) & 255) };

function bench() {
  const clock = new VirtualClock();
  const bus = new SimUsbBus(clock);
  const model = new SlapImagerModel({ clock, image: () => image, fragmentReportBytes: 1_034 });
  const path = bus.plug(model, { interfaces: [{ number: 0, ...reportInterface }] });
  const open = async (): Promise<SlapImager> => SlapImager.open(await bus.open(path), { clock, random: () => 0 });
  return { clock, model, open };
}

const typed = (error: unknown): true => {
  assert.ok(error instanceof Fault, String(error));
  assert.match(error.code, /^device\.(protocol|timeout|broken|busy|absent)$/);
  return true;
};

test('whatever a slap imager does to its transfers, the image is exact or the fault is typed', async () => {
  const outcomes = { exact: 0, refused: 0 };
  const tricks = ['flip', 'cut', 'lengthen', 'swap', 'repeat', 'noise', 'empty', 'drop'] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.subarray([...tricks], { minLength: 1 }),
      fc.integer({ min: 5, max: 90 }),
      async (seed, chosen, percent) => {
        const random = seededRandom(seed);
        const { clock, model, open } = bench();
        const upTo = (most: number): number => Math.floor(random() * most);
        const take = async (): Promise<void> => {
          const scanner = await open();
          const send = model.onInput;
          model.onInput = (endpoint, bytes) => {
            if (random() * 100 >= percent) return send(endpoint, bytes);
            const copy = bytes.slice();
            const trick = chosen[upTo(chosen.length)];
            if (trick === 'flip') copy[upTo(copy.length)]! ^= 1 << upTo(8);
            if (trick === 'cut') return send(endpoint, copy.subarray(0, upTo(copy.length)));
            if (trick === 'lengthen') return send(endpoint, Buffer.concat([copy, new Uint8Array(upTo(20_000))]));
            if (trick === 'swap') return send(endpoint ^ 3, copy);
            if (trick === 'noise')
              return send(
                endpoint,
                Uint8Array.from({ length: upTo(2_000) }, () => upTo(256)),
              );
            if (trick === 'empty') return send(endpoint, new Uint8Array(0));
            if (trick === 'drop') return;
            if (trick === 'repeat') send(endpoint, copy);
            send(endpoint, copy);
          };
          clock.after(10, () => model.imager.finger(true));
          try {
            for await (const event of scanner.captureSlap({ signal: never, kind: 'right-four', previews: true }))
              if (event.type === 'image') {
                assert.deepEqual(event.image, image);
                outcomes.exact++;
              }
          } finally {
            await scanner.close();
          }
        };
        await clock.run(take()).catch((error: unknown) => {
          typed(error);
          outcomes.refused++;
        });
      },
    ),
    { numRuns: 150 * effort },
  );
  assert.ok(outcomes.exact > 20 && outcomes.refused > 20, JSON.stringify(outcomes));
});

test('requests that are stalled, cut short or never answered are typed faults', async () => {
  for (const answer of [undefined, new Uint8Array(0), new Uint8Array(63), new Uint8Array(64)]) {
    const { clock, model, open } = bench();
    model.controlIn = () => answer;
    await assert.rejects(clock.run(open()), typed);
  }
  const { clock, model, open } = bench();
  model.controlOut = () => false;
  await assert.rejects(clock.run(open()), typed);
});

test('a slap imager that floods either endpoint is closed', async () => {
  for (const endpoint of Object.values(reportEndpoints)) {
    const { clock, model, open } = bench();
    const scanner = await clock.run(open());
    const flood = (left: number): void => {
      for (let n = 0; n < 50; n++) model.onInput(endpoint, Uint8Array.of(0x20, n));
      if (left > 0) clock.after(1, () => flood(left - 1));
    };
    flood(100);
    assert.equal((await clock.run(scanner.lost)).code, 'device.protocol');
  }
});

test('a device without the interface is refused', async () => {
  const clock = new VirtualClock();
  const bus = new SimUsbBus(clock);
  const path = bus.plug(new SlapImagerModel({ clock, image: () => image }));
  await assert.rejects(SlapImager.open(await bus.open(path), { clock }), typed);
});

test('feature reports and image headers of any bytes are read within bounds or refused', () => {
  const random = seededRandom(12);
  for (let run = 0; run < 20_000 * effort; run++) {
    const report = Uint8Array.from({ length: 64 }, () => Math.floor(random() * 256));
    const minor = Math.floor(random() * 4);
    // Half of them with small figures, which are more often within bounds, and a CRC that fits.
    if (run % 2 === 0) for (let at = 2; at < 62; at += 2) report[at] = Math.floor(random() * 8);
    const sealed = (id: number): Uint8Array => seal(report.with(0, id));
    const attempt = <T>(decode: () => T): T | undefined => {
      try {
        return decode();
      } catch (error) {
        typed(error);
        return undefined;
      }
    };
    attempt(() => decodeIdentity(sealed(reportId.identity)));
    attempt(() => decodeCondition(sealed(reportId.condition), minor));
    const can = attempt(() => decodeCapabilities(sealed(reportId.capabilities), minor, mostBulkFragmentBytes));
    if (!can) continue;
    assert.ok(can.fragmentReportBytes >= 64 && can.fragmentReportBytes <= mostBulkFragmentBytes);
    assert.ok(can.maxWidthPx <= 2048 && can.maxHeightPx <= 2048);
    assert.ok(!can.slaps || minor >= 2);
    const header = attempt(() => decodeImageHeader(new DataView(report.buffer), Math.floor(random() * 50), can));
    if (header) assert.ok(header.widthPx <= can.maxWidthPx && header.heightPx <= can.maxHeightPx);
  }
});
