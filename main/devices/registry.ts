import { Fault } from '../contract/fault.ts';
import type { DeviceView } from '../contract/technician.ts';
import type { ByteBus, ByteInfo } from './byte-port.ts';
import { type Clock, systemClock } from './clock.ts';
import { DeviceSlot, type Finder } from './device-slot.ts';
import { type ByteMatch, DeviceRoles, type HidMatch } from './device-roles.ts';
import type { DocumentReader } from './document-reader.ts';
import { FingerImager } from './finger-imager.ts';
import { imagerUsage } from './finger-imager-protocol.ts';
import type { FingerScanner } from './finger-scanner.ts';
import { GateBoard } from './gate-board.ts';
import type { DoorState, Gate } from './gate.ts';
import type { HidBus, HidInfo } from './hid-port.ts';
import type { OpenDevice, SelfTestResult } from './open-device.ts';
import { SerialDocumentReader } from './serial-document-reader.ts';

/** What the registry needs to be told. */
export interface DevicesOptions {
  readonly roles: DeviceRoles;
  readonly hid: HidBus;
  readonly bytes: ByteBus;
  readonly clock?: Clock;
  /** 0 to 1. */
  readonly random?: () => number;
  /** Hears of devices that come and go; nothing in it tells of a traveller. */
  readonly log?: (event: string, fields: Readonly<Record<string, string | number>>) => void;
}

/** The kiosk's devices by role. Each waits until its device is ready; `capture.cancelled` when the signal fires first. */
export interface Devices {
  scanner(signal: AbortSignal): Promise<FingerScanner>;
  reader(signal: AbortSignal): Promise<DocumentReader>;
  gate(signal: AbortSignal): Promise<Gate>;
  view(): DeviceView[];
  /** How the gate's door stands; `unknown` while there is no gate. */
  door(): DoorState;
  /** Tests the device in a role. A device that is away or faulty has not passed; `contract.breach` for no such role. */
  selfTest(role: string, signal: AbortSignal): Promise<SelfTestResult>;
  /** Called when any device's state or the door changes. */
  onChange(hear: () => void): () => void;
  close(): Promise<void>;
}

/** Opens the roles and keeps them filled: each device lives, fails and comes back without the others noticing. */
export function openDevices(options: DevicesOptions): Devices {
  const { hid, bytes, clock = systemClock, random = Math.random, log = () => {} } = options;
  const roles = DeviceRoles.parse(options.roles);
  const hearers = new Set<() => void>();
  const taken = new Set<string>();
  const shared = { clock, random, log, changed: () => hearers.forEach((hear) => hear()) };

  const scanner = new DeviceSlot({
    ...shared,
    role: 'finger-scanner',
    finder: hidFinder(hid, taken, roles.fingerScanner, (path) => async () => {
      const { settings } = roles.fingerScanner ?? {};
      return FingerImager.open(await hid.open(path), { clock, random, ...(settings && { settings }) });
    }),
  });
  const reader = new DeviceSlot({
    ...shared,
    role: 'document-reader',
    finder: byteFinder(bytes, taken, roles.documentReader, (path, baud) => async () => {
      return SerialDocumentReader.open(await bytes.open(path, baud), {
        protocol: 'framed',
        ...roles.documentReader,
        clock,
      });
    }),
  });
  const gate = new DeviceSlot({
    ...shared,
    role: 'gate',
    finder: byteFinder(bytes, taken, roles.gate, (path, baud) => async () => {
      const board = await GateBoard.open(await bytes.open(path, baud), { clock, random });
      board.onChange(shared.changed);
      return board;
    }),
  });
  const slots = [
    ...(roles.fingerScanner ? [scanner] : []),
    ...(roles.documentReader ? [reader] : []),
    ...(roles.gate ? [gate] : []),
  ];
  return {
    scanner: (signal) => scanner.device(signal),
    reader: (signal) => reader.device(signal),
    gate: (signal) => gate.device(signal),
    view: () => slots.map((slot) => slot.view()),
    door: () => gate.now?.state ?? 'unknown',
    selfTest: async (role, signal) => {
      const slot = slots.find((slot) => slot.view().role === role);
      if (!slot) throw new Fault('contract.breach', 'no such role');
      if (!slot.now) return { passed: false, detail: slot.view().fault || 'device.absent' };
      return slot.now.selfTest(signal).catch((error: unknown) => ({ passed: false, detail: Fault.from(error).code }));
    },
    onChange: (hear) => {
      hearers.add(hear);
      return () => void hearers.delete(hear);
    },
    close: async () => {
      await Promise.all([scanner.close(), reader.close(), gate.close()]);
    },
  };
}

interface Known {
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string;
}

type Opening<D> = (path: string, baud: number) => () => Promise<D>;

const sameDevice = (a: Known, b: Known): boolean =>
  a.vendorId === b.vendorId && a.productId === b.productId && a.serial === b.serial;

/** Takes the first candidate that opens: the one that filled the role before is tried first, wherever it is now. */
function finder<D extends OpenDevice>(
  taken: Set<string>,
  candidates: () => Promise<readonly Known[]>,
  onChange: (hear: () => void) => () => void,
  open: (device: Known) => Promise<D>,
): Finder<D> {
  let before: Known | undefined;
  return {
    onChange,
    open: async (signal, tellFound) => {
      const last = before;
      const found = (await candidates()).filter(({ path }) => !taken.has(path));
      const order = last ? found.toSorted((a, b) => Number(sameDevice(b, last)) - Number(sameDevice(a, last))) : found;
      if (order.length > 0) tellFound();
      let failure: unknown;
      for (const device of order) {
        if (signal.aborted) break;
        taken.add(device.path);
        try {
          const opened = await open(device);
          before = device;
          void opened.lost.then(() => taken.delete(device.path));
          return opened;
        } catch (error) {
          taken.delete(device.path);
          failure = error;
        }
      }
      if (failure !== undefined) throw failure;
      return undefined;
    },
  };
}

function hidFinder<D extends OpenDevice>(
  bus: HidBus,
  taken: Set<string>,
  match: HidMatch | undefined,
  open: Opening<D>,
) {
  const wanted = { ...imagerUsage, ...match };
  const fits = (device: HidInfo): boolean =>
    device.usagePage === wanted.usagePage &&
    device.usage === wanted.usage &&
    (wanted.vendorId === undefined || wanted.vendorId === device.vendorId) &&
    (wanted.productId === undefined || wanted.productId === device.productId) &&
    (wanted.serial === undefined || wanted.serial === device.serial);
  const candidates = async (): Promise<HidInfo[]> => (match ? (await bus.list()).filter(fits) : []);
  return finder(
    taken,
    candidates,
    (hear) => bus.onChange(hear),
    ({ path }) => open(path, 0)(),
  );
}

function byteFinder<D extends OpenDevice>(
  bus: ByteBus,
  taken: Set<string>,
  match: ByteMatch | undefined,
  open: Opening<D>,
) {
  const fits = (device: ByteInfo): boolean =>
    (match?.path === undefined || match.path === device.path) &&
    (match?.vendorId === undefined || match.vendorId === device.vendorId) &&
    (match?.productId === undefined || match.productId === device.productId) &&
    (match?.serial === undefined || match.serial === device.serial);
  const candidates = async (): Promise<readonly Known[]> => {
    if (!match) return [];
    const { path, vendorId, productId, serial } = match;
    const byPathAlone = path !== undefined && vendorId === undefined && productId === undefined && serial === undefined;
    return byPathAlone ? [{ path, vendorId: 0, productId: 0, serial: '' }] : (await bus.list()).filter(fits);
  };
  return finder(
    taken,
    candidates,
    (hear) => bus.onChange(hear),
    ({ path }) => open(path, match?.baud ?? 115_200)(),
  );
}
