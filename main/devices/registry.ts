import { Fault } from '../contract/fault.ts';
import type { DeviceView } from '../contract/technician.ts';
import type { ByteBus, BytePort } from './byte-port.ts';
import { tcpBus, tcpPath } from './byte-tcp.ts';
import { type Clock, systemClock } from './clock.ts';
import { anyOf, finder, fits, nothing, type Place } from './device-finder.ts';
import { DeviceSlot, type Finder } from './device-slot.ts';
import { type ByteMatch, type HidMatch, usualBaud } from './device-match.ts';
import { DeviceRoles } from './device-roles.ts';
import { isDisguised, types } from './disguise.ts';
import type { DocumentReader } from './document-reader.ts';
import type { DocumentReaderRole } from './document-reader-role.ts';
import { FramedDocumentReader } from './framed-document-reader.ts';
import { FingerImager } from './finger-imager.ts';
import { imagerUsage } from './finger-imager-protocol.ts';
import type { FingerScanner } from './finger-scanner.ts';
import { GateBoard } from './gate-board.ts';
import type { GateRole } from './gate-role.ts';
import type { DoorState, Gate, GateSight } from './gate.ts';
import { HidFramePort, HidTextPort } from './hid-byte-ports.ts';
import { readerUsage } from './hid-frames.ts';
import type { HidBus, HidPort } from './hid-port.ts';
import { ModbusGate, modbusTimes } from './modbus-gate.ts';
import type { OpenDevice, SelfTestResult } from './open-device.ts';
import { PlainDocumentReader } from './plain-document-reader.ts';
import { SlapImager } from './slap-imager.ts';
import type { SlapScanner } from './slap-scanner.ts';
import { UareuScanner } from './uareu.ts';
import { uareuFamilyOf } from './uareu-registers.ts';
import type { UsbBus } from './usb-port.ts';
import { reportInterfaceOf } from './usb-report-port.ts';

/** What the registry needs to be told. */
export interface DevicesOptions {
  readonly roles: DeviceRoles;
  readonly hid: HidBus;
  readonly bytes: ByteBus;
  /** Without it, roles of USB devices stay empty. */
  readonly usb?: UsbBus;
  /** Boards on a network, by the address that the configuration gives; the machine's own network when left out. */
  readonly tcp?: ByteBus;
  readonly clock?: Clock;
  /** Milliseconds since 1970, for what people are told of times. */
  readonly wallMs?: () => number;
  /** 0 to 1. */
  readonly random?: () => number;
  /** Hears of devices that come and go; nothing in it tells of a traveller. */
  readonly log?: (event: string, fields: Readonly<Record<string, string | number>>) => void;
}

/** The kiosk's devices by role. Each waits until its device is ready; `capture.cancelled` when the signal fires first. */
export interface Devices {
  scanner(signal: AbortSignal): Promise<FingerScanner>;
  slapScanner(signal: AbortSignal): Promise<SlapScanner>;
  reader(signal: AbortSignal): Promise<DocumentReader>;
  gate(signal: AbortSignal): Promise<Gate>;
  view(): DeviceView[];
  /** How the gate's door stands; `unknown` while there is no gate. */
  door(): DoorState;
  /** What the gate sees of people and whether its doors obey; undefined while there is no gate. */
  sight(): GateSight | undefined;
  /** Tests the device in a role, opening it first where it was taken out or at fault. One that is away has not passed; `contract.breach` for no such role. */
  selfTest(role: string, signal: AbortSignal): Promise<SelfTestResult>;
  /** Called when any device's state or the door changes. */
  onChange(hear: () => void): () => void;
  close(): Promise<void>;
}

/** Silence between two Modbus frames: 3.5 characters of 11 bits. */
const quietBits = 38.5;

/** Opens the roles and keeps them filled: each device lives, fails and comes back without the others noticing. */
export function openDevices(options: DevicesOptions): Devices {
  const { hid, bytes, usb, clock = systemClock, wallMs = Date.now, random = Math.random, log = () => {} } = options;
  const roles = DeviceRoles.parse(options.roles);
  const { tcp = tcpBus(clock) } = options;
  const hearers = new Set<() => void>();
  const taken = new Set<string>();
  const shared = { clock, wallMs, random, log, changed: () => hearers.forEach((hear) => hear()) };

  const hidPlace = <D extends OpenDevice>(match: HidMatch, open: (port: HidPort) => D | Promise<D>): Place<D> => ({
    candidates: async () => {
      const all = await hid.list();
      return all
        .filter((device) => !types(device) && fits(match, device))
        .map((device) => ({ ...device, disguised: match.alsoTypes !== true && isDisguised(device, all) }));
    },
    onChange: (hear) => hid.onChange(hear),
    open: async (path) => open(await hid.open(path)),
  });
  const hidFinder = <D extends OpenDevice>(match: HidMatch, open: (port: HidPort) => D | Promise<D>) =>
    finder({ clock, taken, ...hidPlace(match, open) });
  const byteFinder = <D extends OpenDevice>(
    match: ByteMatch,
    open: (port: BytePort) => D | Promise<D>,
    bus: ByteBus = bytes,
  ) =>
    finder({
      clock,
      taken,
      candidates: async () => {
        const { path, vendorId, productId, serial } = match;
        const byPathAlone = (vendorId ?? productId ?? serial) === undefined && path !== undefined;
        if (byPathAlone) return [{ path, vendorId: 0, productId: 0, serial: '' }];
        return (await bus.list()).filter((device) => fits(match, device));
      },
      onChange: (hear) => bus.onChange(hear),
      open: async (path) => open(await bus.open(path, match.baud ?? usualBaud)),
    });

  const readerFinder = (role: DocumentReaderRole): Finder<DocumentReader & OpenDevice> => {
    const open = (port: BytePort): PlainDocumentReader | Promise<FramedDocumentReader> =>
      role.protocol === 'ocr'
        ? new PlainDocumentReader(port, { ...role, clock })
        : FramedDocumentReader.open(port, { clock });
    if (role.bus === 'serial') return byteFinder<DocumentReader & OpenDevice>(role, open);
    const match = role.protocol === 'framed' ? { ...readerUsage, ...role } : role;
    return hidFinder<DocumentReader & OpenDevice>(match, (port) =>
      open(role.protocol === 'framed' ? new HidFramePort(port, clock) : new HidTextPort(port, role)),
    );
  };

  const scannerFinder = (role: NonNullable<typeof roles.fingerScanner>): Finder<FingerScanner & OpenDevice> => {
    const { settings, driver, uareu: { authenticationKey, dpi } = {} } = role;
    const imagers = hidPlace<FingerScanner & OpenDevice>({ ...imagerUsage, ...role }, (port) =>
      FingerImager.open(port, { clock, random, ...(settings && { settings }) }),
    );
    const key = authenticationKey && { authenticationKey: Uint8Array.from(Buffer.from(authenticationKey, 'hex')) };
    const uareus = usb && {
      candidates: async () =>
        (await usb.list()).filter((device) => uareuFamilyOf(device) !== undefined && fits(role, device)),
      onChange: (hear: () => void) => usb.onChange(hear),
      open: async (path: string) =>
        UareuScanner.open(await usb.open(path, 0), { clock, ...key, ...(dpi !== undefined && { dpi }) }),
    };
    const places = [...(driver === 'uareu' ? [] : [imagers]), ...(driver === 'hfip' || !uareus ? [] : [uareus])];
    return finder({ clock, taken, ...anyOf<FingerScanner & OpenDevice>(places) });
  };

  const slapFinder = (role: NonNullable<typeof roles.slapScanner>, bus: UsbBus) => {
    const { settings } = role;
    return finder({
      clock,
      taken,
      candidates: async () =>
        (await bus.list()).filter((device) => fits(role, device) && reportInterfaceOf(device) !== undefined),
      onChange: (hear) => bus.onChange(hear),
      open: async (path) => {
        const info = (await bus.list()).find((device) => device.path === path);
        const port = await bus.open(path, (info && reportInterfaceOf(info)) ?? 0);
        return SlapImager.open(port, { clock, random, ...(settings && { settings }) });
      },
    });
  };

  const gateFinder = (role: GateRole): Finder<Gate & OpenDevice> => {
    const { bus, host = '', port = 0, modbus: map, model, baud = usualBaud } = role;
    const open = async (port: BytePort): Promise<Gate & OpenDevice> => {
      const framing = bus === 'tcp' ? 'tcp' : 'rtu';
      const times = { gapMs: Math.max(modbusTimes.gapMs, Math.ceil(quietBits * (1_000 / baud))) };
      const gate = map
        ? await ModbusGate.open(port, { map, unit: map.unit, framing, model, clock, times })
        : await GateBoard.open(port, { clock, random });
      gate.onChange(shared.changed);
      return gate;
    };
    return bus === 'tcp' ? byteFinder({ path: tcpPath(host, port) }, open, tcp) : byteFinder(role, open);
  };

  const { fingerScanner, slapScanner, documentReader, gate: gateRole } = roles;
  const scanner = new DeviceSlot<FingerScanner & OpenDevice>({
    ...shared,
    role: 'finger-scanner',
    calibrationDays: fingerScanner?.calibrationDays,
    finder: fingerScanner ? scannerFinder(fingerScanner) : nothing,
  });
  const slaps = new DeviceSlot<SlapImager>({
    ...shared,
    role: 'slap-scanner',
    calibrationDays: slapScanner?.calibrationDays,
    finder: slapScanner && usb ? slapFinder(slapScanner, usb) : nothing,
  });
  const reader = new DeviceSlot<DocumentReader & OpenDevice>({
    ...shared,
    role: 'document-reader',
    finder: documentReader ? readerFinder(documentReader) : nothing,
  });
  const gate = new DeviceSlot<Gate & OpenDevice>({
    ...shared,
    role: 'gate',
    finder: gateRole ? gateFinder(gateRole) : nothing,
  });
  const slots = [
    ...(roles.fingerScanner ? [scanner] : []),
    ...(roles.slapScanner ? [slaps] : []),
    ...(roles.documentReader ? [reader] : []),
    ...(roles.gate ? [gate] : []),
  ];
  return {
    scanner: (signal) => scanner.device(signal),
    slapScanner: (signal) => slaps.device(signal),
    reader: (signal) => reader.device(signal),
    gate: (signal) => gate.device(signal),
    view: () => slots.map((slot) => slot.view()),
    door: () => gate.now?.state ?? 'unknown',
    sight: () => gate.now?.sight,
    selfTest: async (role, signal) => {
      const slot = slots.find((slot) => slot.view().role === role);
      if (!slot) throw new Fault('contract.breach', 'no such role');
      const device = slot.now ?? (await slot.ask(signal));
      if (!device) return { passed: false, detail: slot.view().fault || 'device.absent' };
      return device.selfTest(signal).catch((error: unknown) => ({ passed: false, detail: Fault.from(error).code }));
    },
    onChange: (hear) => {
      hearers.add(hear);
      return () => void hearers.delete(hear);
    },
    close: async () => {
      await Promise.all([scanner.close(), slaps.close(), reader.close(), gate.close()]);
    },
  };
}
