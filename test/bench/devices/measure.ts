import { performance } from 'node:perf_hooks';
import { FingerImager } from '../../../main/devices/finger-imager.ts';
import { answered, command, encodeCommand, event, reportId } from '../../../main/devices/finger-imager-protocol.ts';
import type { HidPort } from '../../../main/devices/hid-port.ts';
import { openDevices } from '../../../main/devices/registry.ts';
import type { Plugged, Rung } from '../../devices/contract/rung.ts';
import { eventually } from '../../devices/contract/rung.ts';
import { seededRandom } from '../../sim/devices/fault-line.ts';
import { imageToSend } from '../../sim/devices/sim-device.ts';

/** What was measured on one rung; times in milliseconds, the least of several rounds where there are several. */
export interface DeviceFigures {
  readonly rung: string;
  readonly fragmentReportBytes: number;
  readonly imageBytes: number;
  /** From the finger that the driver was told of to the checked image, with a millisecond of exposure. */
  readonly imageMs: number;
  /** Of this process; on the rung in process the model's is in it. */
  readonly imageCpuMs: number;
  /** The same reports asked for and only counted, at the open port. */
  readonly bareMs: number;
  readonly bareCpuMs: number;
  /** One copy of the image in memory. */
  readonly copyMs: number;
  readonly readyMs: number;
  readonly faultMs: number;
}

const rounds = 8;
/** As the driver's own: Linux keeps 64 reports for each reader of a hidraw node and drops the rest. */
const windowFragments = 48;
const never = new AbortController().signal;
const [widthPx, heightPx] = [320, 400];

/** Time of the wall and of the processor for a piece of work. */
async function timed(work: () => Promise<void>): Promise<readonly [ms: number, cpuMs: number]> {
  const cpu = process.cpuUsage();
  const startedAtMs = performance.now();
  await work();
  const ms = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(cpu);
  return [ms, (user + system) / 1000];
}

const least = (values: readonly number[]): number => Math.min(...values);

/** Measures the HID finger imager on a rung: images through the driver, bare reports, plugging in and pulling out. */
export async function measureImager(on: Rung, fragmentReportBytes: number): Promise<DeviceFigures> {
  const serial = `B-${fragmentReportBytes}`;
  const device = await on.plug('finger-imager', {
    serial,
    fragmentReportBytes,
    fetchWindow: windowFragments,
    exposureMs: 1,
  });
  const random = seededRandom(1);
  const pixels = Uint8Array.from({ length: widthPx * heightPx }, () => random() * 256);
  const image = imageToSend({ widthPx, heightPx, dpi: 500, pixels });
  const open = async (): Promise<HidPort> => {
    const info = await eventually(on, 'the imager in the list', async () =>
      (await on.hid.list()).find((listed) => listed.serial === serial),
    );
    return on.hid.open(info.path);
  };
  // A faked node is opened once: between two openings the cable is pulled.
  const again = async (): Promise<void> => {
    await device.unplug();
    await device.replug();
  };
  const driven = await throughDriver(await open(), device, image);
  await again();
  const bare = await bareReports(await open(), device, Math.ceil(pixels.length / (fragmentReportBytes - 10)));
  await again();
  const plugging = await plugAndPull(on, device, serial);
  await device.unplug();
  const copies: number[] = [];
  for (let round = 0; round < 50; round++) {
    const startedAtMs = performance.now();
    pixels.slice();
    copies.push(performance.now() - startedAtMs);
  }
  const imageBytes = pixels.length;
  return { rung: on.name, fragmentReportBytes, imageBytes, ...driven, ...bare, ...plugging, copyMs: least(copies) };
}

async function throughDriver(port: HidPort, device: Plugged, image: object) {
  const scanner = await FingerImager.open(port, {});
  const taken: (readonly [number, number])[] = [];
  for (let round = 0; round < rounds; round++) {
    const seen = { finger: Promise.withResolvers<void>() };
    const capture = (async () => {
      for await (const { type } of scanner.capture({ signal: never })) if (type === 'finger') seen.finger.resolve();
    })();
    // Encoding the picture for the model is not the driver's work: it is laid before the clock runs.
    await device.verb('finger', { image });
    await seen.finger.promise;
    taken.push(await timed(() => capture));
    await device.verb('finger', { present: false });
  }
  await scanner.close();
  return { imageMs: least(taken.map(([ms]) => ms)), imageCpuMs: least(taken.map(([, cpuMs]) => cpuMs)) };
}

/** A scan by hand, and then the image's reports over and over: counted, neither checked nor kept. */
async function bareReports(port: HidPort, device: Plugged, fragments: number) {
  let transaction = 0;
  let waiting: { kind: number; heard: () => void } | undefined;
  let held: Uint8Array | undefined;
  port.onReport((report) => {
    if (report[0] !== reportId.message) return;
    if (report[1] === event.image) held = report.slice(6, 8);
    if (waiting && report[1] === waiting.kind) waiting.heard();
  });
  const ask = async (code: number, payload: Uint8Array, kind = answered | code): Promise<void> => {
    const heard = Promise.withResolvers<void>();
    waiting = { kind, heard: heard.resolve };
    transaction = (transaction % 255) + 1;
    await port.write(encodeCommand(code, transaction, payload));
    await heard.promise;
  };
  await ask(command.resync, new Uint8Array(0));
  const imaged = ask(command.scan, Uint8Array.of(0), event.image);
  await device.verb('finger', { present: true });
  await imaged;
  const [low = 0, high = 0] = held ?? [];
  const taken: (readonly [number, number])[] = [];
  for (let round = 0; round < rounds; round++) {
    const fetchAll = async (): Promise<void> => {
      for (let first = 0; first < fragments; first += windowFragments) {
        const count = Math.min(windowFragments, fragments - first);
        await ask(command.fetch, Uint8Array.of(low, high, first & 255, first >> 8, count & 255, count >> 8));
      }
    };
    taken.push(await timed(fetchAll));
  }
  await ask(command.stop, new Uint8Array(0));
  await device.verb('finger', { present: false });
  await port.close();
  return { bareMs: least(taken.map(([ms]) => ms)), bareCpuMs: least(taken.map(([, cpuMs]) => cpuMs)) };
}

async function plugAndPull(on: Rung, device: Plugged, serial: string) {
  const nothing = { list: async () => [], open: () => Promise.reject(new Error('none')), onChange: () => () => {} };
  const devices = openDevices({ roles: { fingerScanner: { serial } }, hid: on.hid, bytes: nothing });
  const until = (wanted: string) =>
    new Promise<void>((resolve) => {
      const look = () => devices.view()[0]?.state === wanted && resolve();
      devices.onChange(look);
      look();
    });
  await until('ready');
  const [ready, fault]: [number[], number[]] = [[], []];
  for (let round = 0; round < 4; round++) {
    const absent = until('absent');
    const pull = async (): Promise<void> => {
      await device.unplug();
      await absent;
    };
    fault.push((await timed(pull))[0]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const back = until('ready');
    const plug = async (): Promise<void> => {
      await device.replug();
      await back;
    };
    ready.push((await timed(plug))[0]);
  }
  await devices.close();
  return { readyMs: least(ready), faultMs: least(fault) };
}
