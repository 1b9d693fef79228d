import type { GreyImage } from '../../../main/contract/image.ts';
import type { Clock } from '../../../main/devices/clock.ts';
import { imagerUsage, reportId } from '../../../main/devices/finger-imager-protocol.ts';
import type { Verbs } from '../control.ts';
import { Cable, cabledHid } from './cable.ts';
import { FingerImagerModel, type ImagerModelOptions } from './finger-imager-model.ts';
import { collectionOfBytes } from './report-descriptor.ts';
import { imageReceived, type SentImage, type SimHidDevice, until } from './sim-device.ts';

/** What of the model JSON can say. */
export type ImagerDeviceOptions = Partial<Omit<ImagerModelOptions, 'clock' | 'image'>>;

/** The HID finger imager as a device to plug in, with the verbs of its glass. */
export function fingerImagerDevice(clock: Clock, options: ImagerDeviceOptions = {}) {
  let onGlass: GreyImage = { widthPx: 320, heightPx: 400, dpi: 500, pixels: new Uint8Array(320 * 400).fill(255) };
  let contrast = 1;
  const model = new FingerImagerModel({ clock, image: () => paled(onGlass, contrast), ...options });
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
    retry: ({ code }: { code: number }) => model.retry(code),
    error: ({ code }: { code: number }) => model.error(code),
    sleep: ({ delayMs }: { delayMs: number }) => model.sleep(delayMs),
    /** 100 as sent, 0 without any contrast. */
    quality: ({ percent }: { percent: number }) => void (contrast = percent / 100),
    /** What the device itself thinks of the finger. */
    judge: ({ percent }: { percent: number }) => void (model.qualityPercent = percent),
    state: () => ({ state: model.state, ...model.counters }),
  } satisfies Verbs;
  return {
    bus: 'hid',
    model: cabledHid(model, cable),
    cable,
    verbs,
    identity: {
      vendorId: 0x1209,
      productId: 1,
      serial: options.serial ?? 'FI-0001',
      product: options.model ?? 'Reference imager',
    },
    reportDescriptor: imagerReportDescriptor(options.fragmentReportBytes ?? 64),
    powerOff: () => model.reset(),
  } satisfies SimHidDevice;
}

function paled(image: GreyImage, contrast: number): GreyImage {
  return contrast === 1
    ? image
    : { ...image, pixels: image.pixels.map((grey) => Math.round(128 + (grey - 128) * contrast)) };
}

const input = 0x81;
const output = 0x91;
const feature = 0xb1;

/** The report descriptor of docs/hid-finger-imager.md, section 3, for fragment reports of so many bytes. */
export function imagerReportDescriptor(fragmentReportBytes: number): Uint8Array {
  const reports = [
    [reportId.identity, feature],
    [reportId.capabilities, feature],
    [reportId.settings, feature],
    [reportId.condition, feature],
    [reportId.command, output],
    [reportId.message, input],
  ].flatMap(([id = 0, kind = 0], at) => [0x85, id, 0x95, 63, 0x09, at + 2, kind, 0x02]);
  const count = fragmentReportBytes - 1;
  const fragment = [0x85, reportId.fragment, 0x96, count & 0xff, count >> 8, 0x09, 0x08, input, 0x02];
  return Uint8Array.from([...collectionOfBytes(imagerUsage), ...reports, ...fragment, 0xc0]);
}
