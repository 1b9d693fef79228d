import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { tcpBus, tcpPath } from '../../main/devices/byte-tcp.ts';
import { systemClock as clock } from '../../main/devices/clock.ts';
import { GateBoard } from '../../main/devices/gate-board.ts';
import { ModbusGate } from '../../main/devices/modbus-gate.ts';
import { openDevices } from '../../main/devices/registry.ts';
import { GateModel } from '../sim/devices/gate-model.ts';
import { fullMap, ModbusBoardModel } from '../sim/devices/modbus-board-model.ts';
import type { ByteModel } from '../sim/devices/sim-byte-bus.ts';
import { SimByteBus } from '../sim/devices/sim-byte-bus.ts';
import { SimHidBus } from '../sim/devices/sim-hid-bus.ts';
import { VirtualClock } from '../sim/devices/virtual-clock.ts';

const never = new AbortController().signal;

interface Board {
  readonly server: Server;
  readonly port: number;
  readonly path: string;
  /** Those who are connected. */
  readonly sockets: Set<Socket>;
}

/** Puts a model behind a real TCP port of this machine. */
async function boardOf(t: TestContext, model: ByteModel, host = '127.0.0.1', at = 0): Promise<Board> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (bytes: Buffer) => model.receive(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    model.onInput = (bytes) => void (socket.writable && socket.write(bytes));
  });
  server.listen(at, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, port, path: tcpPath(host, port), sockets };
}

test('a gate board on TCP opens, closes, and is lost with its connection', async (t) => {
  for (const host of ['127.0.0.1', '::1']) {
    const model = new GateModel({ clock, travelMs: 20, features: 'BUZZER TAILGATING' });
    const board = await boardOf(t, model, host);
    const gate = await GateBoard.open(await tcpBus().open(board.path, 0), { clock });
    assert.equal(await gate.open({ signal: AbortSignal.timeout(5_000) }), 'opened');
    assert.deepEqual([gate.state, model.light], ['open', 'GREEN']);
    await gate.close();
    assert.equal(model.door, 'CLOSED');
    for (const socket of board.sockets) socket.resetAndDestroy();
    assert.equal((await gate.lost).code, 'device.absent');
    assert.equal(gate.state, 'unknown');
  }
});

test('relays on Modbus TCP open and close', async (t) => {
  const model = new ModbusBoardModel({ clock, framing: 'tcp', travelMs: 20, answerMs: 1 });
  const board = await boardOf(t, model);
  const port = await tcpBus().open(board.path, 0);
  const gate = await ModbusGate.open(port, { clock, map: fullMap, framing: 'tcp', unit: 1 });
  assert.equal(await gate.open({ signal: AbortSignal.timeout(5_000) }), 'opened');
  assert.equal(model.door, 'OPEN');
  await gate.closePort();
  assert.equal((await gate.lost).code, 'device.absent');
  assert.equal(model.output('door'), false);
});

test('a half-open connection is found by the heartbeat', async (t) => {
  const model = new GateModel({ clock, travelMs: 20 });
  const board = await boardOf(t, model);
  const gate = await GateBoard.open(await tcpBus().open(board.path, 0), { clock });
  // The board is gone without a word: nothing is sent, nothing is closed.
  for (const socket of board.sockets) socket.pause();
  model.onInput = () => {};
  assert.equal((await gate.lost).code, 'device.timeout');
});

test('no board, a port that nobody listens on, and a path that is none are all absent', async (t) => {
  const { server, path } = await boardOf(t, new GateModel({ clock }));
  server.close();
  await once(server, 'close');
  for (const wrong of [path, 'gate.example', '127.0.0.1:99999', '']) {
    await assert.rejects(tcpBus().open(wrong, 0), { code: 'device.absent' });
  }
  assert.deepEqual(await tcpBus().list(), []);
});

test('a board that does not answer the connection is given up in time', async () => {
  const virtual = new VirtualClock();
  // An address of TEST-NET-1 (RFC 5737): nobody is there, or the machine says at once that it has no way to it.
  await assert.rejects(virtual.run(tcpBus(virtual).open('192.0.2.1:502', 0)), { code: 'device.absent' });
  assert.equal(virtual.pending, 0);
});

test('a gate on TCP fills its role, and does so again when the board is back', async (t) => {
  const model = new GateModel({ clock, travelMs: 20 });
  const board = await boardOf(t, model);
  const [hid, bytes] = [new SimHidBus(clock), new SimByteBus(clock)];
  const devices = openDevices({ roles: { gate: { bus: 'tcp', host: '127.0.0.1', port: board.port } }, hid, bytes });
  t.after(() => devices.close());
  await devices.gate(never);
  assert.equal(devices.door(), 'closed');
  const lost = new Promise<void>((resolve) => {
    devices.onChange(() => devices.view()[0]!.state !== 'ready' && resolve());
  });
  for (const socket of board.sockets) socket.resetAndDestroy();
  await lost;
  const again = await devices.gate(never);
  await again.open({ signal: AbortSignal.timeout(5_000) });
  assert.equal(model.door, 'OPEN');
});
