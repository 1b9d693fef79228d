import { configFile, readConfig } from '../../../main/config/config.ts';
import type { GreyImage } from '../../../main/contract/image.ts';
import { type Diagnostics, technician } from '../../../main/contract/technician.ts';
import { WatchlistSnapshot } from '../../../main/contract/watchlist.ts';
import { connect } from '../../../main/contract/wire.ts';
import { systemClock as clock } from '../../../main/devices/clock.ts';
import { hostKiosk } from '../../../main/host.ts';
import { DocumentReaderModel } from '../devices/document-reader-model.ts';
import { FingerImagerModel } from '../devices/finger-imager-model.ts';
import { GateModel } from '../devices/gate-model.ts';
import { SimByteBus } from '../devices/sim-byte-bus.ts';
import { SimHidBus } from '../devices/sim-hid-bus.ts';
import { wirePair } from '../wire.ts';
import { serveControl } from '../control.ts';

/** The entry of the demonstration's core: the product's kiosk on simulated devices, and a socket to move them by. */

interface SentImage extends Omit<GreyImage, 'pixels'> {
  readonly pixels: string;
}

let onGlass: GreyImage = { widthPx: 320, heightPx: 400, dpi: 500, pixels: new Uint8Array(320 * 400).fill(255) };
let exposed: () => void = () => {};

const hid = new SimHidBus(clock);
const bytes = new SimByteBus(clock);
const scanner = new FingerImagerModel({
  clock,
  fragmentReportBytes: 1024,
  fragmentIntervalUs: 1000,
  image: () => {
    exposed();
    return onGlass;
  },
});
const reader = new DocumentReaderModel({ clock });
const gate = new GateModel({ clock });
let scannerPath = hid.plug(scanner, { serial: 'FI-0001' });
bytes.plug(reader, { serial: 'DR-0001' });
bytes.plug(gate, { serial: 'GB-0001' });

const kiosk = await hostKiosk(readConfig(configFile()), { hid, bytes });

/** Looks at the kiosk as a technician does. */
let diagnostics: Diagnostics | undefined;
const wire = wirePair();
kiosk.attach('technician', wire.near);
connect(technician, wire.far).diagnostics((next) => (diagnostics = next));

/** Waits until something is so; a simulated hand has patience, but not for ever. */
async function until(so: () => boolean, what: string): Promise<void> {
  for (let left = 3000; !so(); left--) {
    if (left === 0) throw new Error(`${what}: not within a minute`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const lay = ({ image }: { image: SentImage }) => {
  onGlass = { ...image, pixels: new Uint8Array(Buffer.from(image.pixels, 'base64')) };
  scanner.finger(true);
};

await serveControl(process.env['LIMEN_DEMO_CONTROL'] ?? '', {
  'place-document': ({ lines, portrait }: { lines: string[]; portrait: string }) =>
    reader.place({ lines, portrait: new Uint8Array(Buffer.from(portrait, 'base64')) }),
  'remove-document': () => reader.remove(),
  async finger(sent: { image: SentImage }) {
    const before = scanner.counters.images;
    lay(sent);
    await until(() => scanner.counters.images > before, 'an image of the finger');
    scanner.finger(false);
  },
  /** Lays the finger on the glass and pulls the cable while its image is on the way. */
  async 'finger-and-unplug'(sent: { image: SentImage }) {
    const shot = new Promise<void>((resolve) => (exposed = resolve));
    lay(sent);
    await shot;
    exposed = () => {};
    await new Promise((resolve) => setTimeout(resolve, 30));
    hid.unplug(scannerPath);
    scanner.finger(false);
    scanner.reset();
  },
  'unplug-scanner': () => hid.unplug(scannerPath),
  'plug-scanner': () => void (scannerPath = hid.plug(scanner, { serial: 'FI-0001' })),
  async pass() {
    await until(() => gate.door === 'OPEN', 'an open gate');
    gate.passage();
  },
  door: () => ({ door: gate.door, openings: gate.openings }),
  'import-watchlist': (sent: unknown) => kiosk.importWatchlist(WatchlistSnapshot.parse(decoded(sent))),
  measures: () => diagnostics?.measures ?? {},
  queued: () => diagnostics?.queue.ready ?? 0,
  delivered: () => until(() => diagnostics?.queue.ready === 0, 'delivery'),
});

/** Puts bytes back where JSON carried base64. */
function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== 'object' || value === null) return value;
  if ('base64' in value) return new Uint8Array(Buffer.from(String(value.base64), 'base64'));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decoded(part)]));
}
