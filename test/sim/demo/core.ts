import { configFile, readConfig } from '../../../main/config/config.ts';
import { type Diagnostics, technician } from '../../../main/contract/technician.ts';
import { WatchlistSnapshot } from '../../../main/contract/watchlist.ts';
import { connect } from '../../../main/contract/wire.ts';
import { systemClock as clock } from '../../../main/devices/clock.ts';
import { hostKiosk } from '../../../main/host.ts';
import { documentReaderDevice } from '../devices/document-reader-device.ts';
import { fingerImagerDevice } from '../devices/finger-imager-device.ts';
import { gateDevice } from '../devices/gate-device.ts';
import { SimByteBus } from '../devices/sim-byte-bus.ts';
import { type SentImage, until } from '../devices/sim-device.ts';
import { SimHidBus } from '../devices/sim-hid-bus.ts';
import { wirePair } from '../wire.ts';
import { serveControl } from '../control.ts';

/** The entry of the demonstration's core: the product's kiosk on simulated devices, and a socket to move them by. */

const hid = new SimHidBus(clock);
const bytes = new SimByteBus(clock);
const scanner = fingerImagerDevice(clock, { fragmentReportBytes: 1024, fragmentIntervalUs: 1000 });
const reader = documentReaderDevice(clock);
const gate = gateDevice(clock);
let scannerPath = hid.plug(scanner.model, scanner.identity);
for (const { model, identity } of [reader, gate]) bytes.plug(model, identity);

const kiosk = await hostKiosk(readConfig(configFile()), { hid, bytes });

/** Looks at the kiosk as a technician does. */
let diagnostics: Diagnostics | undefined;
const wire = wirePair();
kiosk.attach('technician', wire.near);
connect(technician, wire.far).diagnostics((next) => (diagnostics = next));

await serveControl(process.env['LIMEN_DEMO_CONTROL'] ?? '', {
  'place-document': reader.verbs.insert,
  'remove-document': reader.verbs.remove,
  finger: (sent: { image: SentImage }) => scanner.verbs.scan(sent),
  /** Lays the finger on the glass and pulls the cable while its image is on the way. */
  async 'finger-and-unplug'({ image }: { image: SentImage }) {
    const { images } = scanner.verbs.state();
    scanner.verbs.finger({ image });
    await until(clock, () => scanner.verbs.state().images > images, 'an image of the finger');
    hid.unplug(scannerPath);
    scanner.verbs.finger({ present: false });
    scanner.powerOff();
  },
  'unplug-scanner': () => hid.unplug(scannerPath),
  'plug-scanner': () => void (scannerPath = hid.plug(scanner.model, scanner.identity)),
  pass: () => gate.verbs.pass(),
  door: gate.verbs.state,
  'import-watchlist': (sent: unknown) => kiosk.importWatchlist(WatchlistSnapshot.parse(decoded(sent))),
  'list-arrived': (version: unknown) => until(clock, () => diagnostics?.versions.watchlist === version, 'a watchlist'),
  measures: () => diagnostics?.measures ?? {},
  queued: () => diagnostics?.queue.ready ?? 0,
  delivered: () => until(clock, () => diagnostics?.queue.ready === 0, 'delivery'),
});

/** Puts bytes back where JSON carried base64. */
function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== 'object' || value === null) return value;
  if ('base64' in value) return new Uint8Array(Buffer.from(String(value.base64), 'base64'));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decoded(part)]));
}
