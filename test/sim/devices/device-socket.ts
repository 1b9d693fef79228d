import { createServer, type Server, type Socket } from 'node:net';
import { type DeviceFrame, hearFrames, sendFrame } from './device-frames.ts';
import type { ProgramDevice } from './functionfs-host.ts';
import { bytesToSend, type SimByteDevice, type SimDevice, type SimHidDevice } from './sim-device.ts';
import { usbDescriptors } from './usb-descriptors.ts';
import { usbProgramOf } from './usb-devices.ts';

/** How a device is plugged in: as what its drivers know it as, or down to its USB transfers. */
export type Plug = 'own' | 'usb';

interface Spoken {
  /** All that the nodes of the device are made of, as JSON. Bytes in base64. */
  readonly hello: object;
  /** Does what a frame says; an answer has the frame's kind in capitals. */
  obey(frame: DeviceFrame, answer: (kind: 'G' | 'S' | 'C', ...bytes: Uint8Array[]) => void): void;
  onInput(hear: (bytes: Uint8Array) => void): void;
}

const said = Uint8Array.of(1);
const stalled = Uint8Array.of(0);

/** Listens for whoever fakes the nodes of a modelled device, one at a time; each is told who the device is. */
export function serveDevice(path: string, device: SimDevice, plug: Plug): Promise<Server> {
  const spoken = spokenBy(device, plug);
  let line: Socket | undefined;
  spoken.onInput((bytes) => line && sendFrame(line, 'i', bytes));
  device.cable.unplug = () => {
    if (line) sendFrame(line, 'u');
    device.powerOff();
  };
  const server = createServer((socket) => {
    line = socket;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (line === socket) line = undefined;
    });
    hearFrames(socket, (frame) => {
      if (frame.kind === 'p') device.powerOff();
      else spoken.obey(frame, (kind, ...bytes) => sendFrame(socket, kind, Buffer.concat(bytes), frame.tag));
    });
    sendFrame(socket, 'h', Buffer.from(JSON.stringify({ ...device.identity, ...spoken.hello })));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

function spokenBy(device: SimDevice, plug: Plug): Spoken {
  if (device.bus === 'bytes') return bytesSpoken(device);
  if (device.bus === 'hid' && plug === 'own') return reportsSpoken(device);
  const program = usbProgramOf(device);
  const report = device.bus === 'hid' && { reportDescriptor: bytesToSend(device.reportDescriptor) };
  return {
    hello: { bus: 'usb', descriptors: bytesToSend(usbDescriptors(program.device)), ...report },
    obey: (frame, answer) => obeyTransfer(program.device, frame, answer),
    onInput: (hear) => program.onInput((endpoint, bytes) => hear(Buffer.concat([Uint8Array.of(endpoint), bytes]))),
  };
}

const bytesSpoken = ({ model }: SimByteDevice): Spoken => ({
  hello: { bus: 'bytes' },
  obey: ({ payload }) => model.receive(payload),
  onInput: (hear) => void (model.onInput = hear),
});

const reportsSpoken = ({ model, reportDescriptor }: SimHidDevice): Spoken => ({
  hello: { bus: 'hid', reportDescriptor: bytesToSend(reportDescriptor) },
  obey({ kind, payload }, answer) {
    if (kind === 'o') return model.output(payload);
    if (kind === 's') {
      model.setFeature(payload);
      return answer('S', said);
    }
    const [id = 0, low = 0, high = 0] = payload;
    const report = model.getFeature(id, low | (high << 8));
    answer('G', ...(report ? [said, report] : []));
  },
  onInput: (hear) => void (model.onInput = hear),
});

function obeyTransfer(device: ProgramDevice, { kind, payload }: DeviceFrame, answer: Parameters<Spoken['obey']>[1]) {
  if (kind === 'o') return device.write(payload[0] ?? 0, payload.subarray(1));
  const fields = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const setup = {
    requestType: fields.getUint8(0),
    request: fields.getUint8(1),
    value: fields.getUint16(2, true),
    index: fields.getUint16(4, true),
    lengthBytes: fields.getUint16(6, true),
  };
  if ((setup.requestType & 0x80) === 0) {
    return answer('C', device.controlOut(setup, payload.subarray(8)) ? said : stalled);
  }
  const bytes = device.controlIn(setup);
  if (bytes === 'stall') answer('C', stalled);
  else if (bytes === 'silence') answer('C');
  else answer('C', said, bytes.subarray(0, setup.lengthBytes));
}
