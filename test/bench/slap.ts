import { extractFinger } from '../../main/biometrics/finger/finger.ts';
import { findFingers, segmentSlap } from '../../main/biometrics/finger/slap.ts';
import { systemClock as clock } from '../../main/devices/clock.ts';
import { SlapImager } from '../../main/devices/slap-imager.ts';
import { reportInterface } from '../../main/devices/usb-report-port.ts';
import { SimUsbBus } from '../sim/devices/sim-usb-bus.ts';
import { SlapImagerModel } from '../sim/devices/slap-imager-model.ts';
import { drawFinger } from '../sim/finger/draw-finger.ts';
import { drawSlap } from '../sim/finger/draw-slap.ts';

const rounds = 15;

/** Measures slaps in milliseconds, the least of several, beside the extraction of one finger by itself. */
export async function bench(): Promise<void> {
  const alone = drawFinger({ finger: 1, impression: 1, widthPx: 388, heightPx: 374, dpi: 500 });
  const { image } = drawSlap({ person: 1, impression: 1, hand: 'right' });
  const { image: lacking } = drawSlap({ person: 1, impression: 1, hand: 'right', absent: ['right-ring'] });
  const scanner = await imagerOf(() => image);
  const kind = 'right-four';
  const baselineMs = await least(() => extractFinger(alone));
  console.log(`baseline: extraction of one finger: ${baselineMs.toFixed(1)} ms`);
  const works: Readonly<Record<string, () => unknown>> = {
    'four fingers found in 1600 x 1500': () => findFingers(image, { kind }),
    'three found, and the fourth looked for': () => findFingers(lacking, { kind }),
    'four found, cut out and extracted': () => segmentSlap(image, { kind }),
    'an image off a simulated device': () => scanner(),
  };
  for (const [name, work] of Object.entries(works)) {
    const ms = await least(work);
    console.log(`${name}: ${ms.toFixed(1)} ms, ${(ms / baselineMs).toFixed(1)} x baseline`);
  }
}

/** Takes slaps over a sound cable from a device that needs no time to expose. */
async function imagerOf(image: () => ReturnType<typeof drawSlap>['image']): Promise<() => Promise<void>> {
  const bus = new SimUsbBus(clock);
  const model = new SlapImagerModel({ clock, image, exposureMs: 0 });
  const path = bus.plug(model, { interfaces: [{ number: 0, ...reportInterface }] });
  const scanner = await SlapImager.open(await bus.open(path), { clock });
  const { signal } = new AbortController();
  return async () => {
    model.imager.finger(true);
    for await (const event of scanner.captureSlap({ signal, kind: 'right-four' }))
      if (event.type === 'image') model.imager.finger(false);
  };
}

async function least(work: () => unknown): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await work();
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}
