/**
 * A process that hosts modelled devices for whoever fakes their nodes. `model-host.ts CONTROL` listens on that Unix socket for
 * control verbs: `create` makes a device of a kind and gives the path of the socket on which its bytes are spoken
 * (device-frames.ts); `NUMBER.VERB` is a verb of the device's own table; `destroy` forgets it. Ends with its standard input.
 */
import { rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { systemClock } from '../../../main/devices/clock.ts';
import { serveControl, type Verbs } from '../control.ts';
import { type Plug, serveDevice } from './device-socket.ts';
import { deviceOf, type ModelKind } from './model-kinds.ts';

const [control = ''] = process.argv.slice(2);
const verbs: Record<string, Verbs[string]> = {};
const servers = new Map<number, Server>();
let last = 0;

verbs['create'] = async ({ kind, options, plug = 'own' }: { kind: ModelKind; options?: object; plug?: Plug }) => {
  const number = ++last;
  const device = deviceOf(kind, systemClock, options);
  const path = `${control}.${number}`;
  servers.set(number, await serveDevice(path, device, plug));
  for (const [name, act] of Object.entries(device.verbs)) verbs[`${number}.${name}`] = act;
  return { number, path };
};
verbs['destroy'] = ({ number }: { number: number }) => {
  servers.get(number)?.close();
  servers.delete(number);
  rmSync(`${control}.${number}`, { force: true });
  for (const name of Object.keys(verbs)) if (name.startsWith(`${number}.`)) delete verbs[name];
};

process.stdin.resume().on('end', () => process.exit(0));
await serveControl(control, verbs);
process.stdout.write('ready\n');
