import type { GreyImage } from '../../../main/contract/image.ts';
import type { Clock } from '../../../main/devices/clock.ts';
import type { Verbs } from '../control.ts';
import { Cable, cabledUsb } from './cable.ts';
import { imageReceived, type SentImage, type SimDevice, until } from './sim-device.ts';
import { UareuModel, type UareuModelOptions } from './uareu-model.ts';

/** What of the model JSON can say. */
export type UareuDeviceOptions = Partial<Omit<UareuModelOptions, 'clock' | 'image'>> & { readonly serial?: string };

/** A U.are.U scanner as a device to plug in, with the verbs of its glass. */
export function uareuDevice(clock: Clock, { serial = 'UU-0001', ...options }: UareuDeviceOptions = {}): SimDevice {
  let onGlass: GreyImage = { widthPx: 300, heightPx: 200, dpi: 512, pixels: new Uint8Array(60_000).fill(90) };
  let contrast = 1;
  const paled = (grey: number): number => Math.round(255 - (255 - grey) * contrast);
  const image = (): GreyImage => ({ ...onGlass, pixels: onGlass.pixels.map(paled) });
  const model = new UareuModel({ clock, image, ...options });
  const cable = new Cable(clock);
  const lay = (image: SentImage | undefined): void => {
    if (image) onGlass = imageReceived(image);
    model.finger(true);
  };
  const verbs = {
    ...cable.verbs,
    /** A finger lies on the glass, or no more; what it looks like is kept until another image is sent. */
    finger: ({ present = true, image }: { present?: boolean; image?: SentImage }) =>
      present ? lay(image) : model.finger(false),
    /** A finger is laid, imaged and lifted. */
    async scan({ image }: { image?: SentImage }) {
      const before = model.counters.images;
      lay(image);
      await until(clock, () => model.counters.images > before, 'an image of the finger');
      model.finger(false);
    },
    /** The next image is cut short. */
    retry: ({ lines }: { lines: number }) => model.retry(lines),
    error: () => model.error(),
    sleep: ({ delayMs }: { delayMs: number }) => model.sleep(delayMs),
    /** 100 as sent, 0 without any contrast. */
    quality: ({ percent }: { percent: number }) => void (contrast = percent / 100),
    state: () => ({ mode: model.mode, ...model.counters }),
  } satisfies Verbs;
  const [vendorId, productId] = options.authenticates ? [0x045e, 0x00ca] : [0x05ba, 0x000a];
  return {
    bus: 'usb',
    model: cabledUsb(model, cable),
    cable,
    verbs,
    identity: { vendorId, productId, serial, product: 'Fingerprint reader' },
    interfaces: [{ number: 0, class: 0xff, subclass: 0xff, protocol: 0xff }],
    powerOff: () => model.reset(),
  };
}
