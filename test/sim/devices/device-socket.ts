import { createServer, type Server, type Socket } from 'node:net';
import { type DeviceFrame, hearFrames, sendFrame } from './device-frames.ts';
import { bytesToSend, type SimByteDevice, type SimHidDevice } from './sim-device.ts';

/** What nodes can be faked for. */
type HostedDevice = SimHidDevice | SimByteDevice;

/** What the hello of a hosted model says: all that the nodes of the device are made of. Bytes in base64. */
export const helloOf = (device: HostedDevice): object => ({
  bus: device.bus,
  ...device.identity,
  ...(device.bus === 'hid' && { reportDescriptor: bytesToSend(device.reportDescriptor) }),
});

/** Listens for whoever fakes the nodes of a modelled device, one at a time; each is told who the device is. */
export function serveDevice(path: string, device: HostedDevice): Promise<Server> {
  let line: Socket | undefined;
  device.model.onInput = (bytes: Uint8Array) => line && sendFrame(line, 'i', bytes);
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
    hearFrames(socket, (frame) => obey(device, socket, frame));
    sendFrame(socket, 'h', Buffer.from(JSON.stringify(helloOf(device))));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

function obey(device: HostedDevice, socket: Socket, { kind, tag, payload }: DeviceFrame): void {
  if (kind === 'p') return device.powerOff();
  if (device.bus === 'bytes') return device.model.receive(payload);
  const { model } = device;
  if (kind === 'o') return model.output(payload);
  if (kind === 's') {
    model.setFeature(payload);
    return sendFrame(socket, 'S', Uint8Array.of(1), tag);
  }
  const [id = 0, low = 0, high = 0] = payload;
  const report = model.getFeature(id, low | (high << 8));
  sendFrame(socket, 'G', report ? Buffer.concat([Uint8Array.of(1), report]) : new Uint8Array(0), tag);
}
