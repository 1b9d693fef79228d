import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import * as z from 'zod';
import { Fault } from '../../main/contract/fault.ts';
import { call, connect, serve, tell } from '../../main/contract/wire.ts';
import { openBridge, portWire, type Bridge, type Page, type Port } from '../../renderer/bridge.ts';

const contract = { state: tell(z.string()), echo: call(z.string(), z.string()) };

type Hear = Parameters<Page['addEventListener']>[1];

/** A window in memory into which a test posts. */
function openWindow() {
  let hear: Hear | undefined;
  let asked = 0;
  const page: Page = { addEventListener: (_type, heard) => (hear = heard), limen: { ready: () => asked++ } };
  const post = (data: unknown, ports: readonly Port[] = [], source: unknown = page) =>
    hear?.({ data, ports, source: source as MessageEventSource });
  return { page, post, asked: () => asked };
}

function nextChange(bridge: Bridge): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = bridge.subscribe(() => {
    stop();
    resolve();
  });
  return promise;
}

function wireOf(bridge: Bridge) {
  const link = bridge.current();
  assert(link.state === 'connected');
  return link.wire;
}

test('the page asks for its port once and waits', () => {
  const { page, asked } = openWindow();
  const bridge = openBridge(page);
  assert.equal(asked(), 1);
  assert.equal(bridge.current().state, 'waiting');
});

test('a page without a shell waits', () => {
  const bridge = openBridge({ addEventListener: () => undefined });
  assert.equal(bridge.current().state, 'waiting');
});

test('a port carries calls and tells', async () => {
  const { page, post } = openWindow();
  const bridge = openBridge(page);
  const { port1, port2 } = new MessageChannel();
  post('limen:wire', [port1]);
  const notify = serve(contract, { echo: (ask) => `${ask}!` }, portWire(port2));
  const client = connect(contract, wireOf(bridge));
  notify('state', 'well');
  assert.equal(await new Promise((resolve) => client.state(resolve)), 'well');
  assert.equal(await client.echo('hello'), 'hello!');
  port2.close();
});

test('a message of another window, of another kind or without a port changes nothing', () => {
  const { page, post } = openWindow();
  const bridge = openBridge(page);
  const { port1 } = new MessageChannel();
  post('limen:wire', [port1], {});
  post('limen:out-of-service', [], null);
  post('limen:wire', []);
  post({ kind: 'limen:wire' }, [port1]);
  assert.equal(bridge.current().state, 'waiting');
  port1.close();
});

test('a page whose wire is lost waits again, and its open calls fail', async () => {
  const { page, post } = openWindow();
  const bridge = openBridge(page);
  const { port1, port2 } = new MessageChannel();
  post('limen:wire', [port1]);
  const open = connect(contract, wireOf(bridge)).echo('hello');
  const lost = nextChange(bridge);
  port2.close();
  await assert.rejects(open, (error) => error instanceof Fault && error.code === 'wire.closed');
  await lost;
  assert.equal(bridge.current().state, 'waiting');
});

test('a new port takes the place of the old one, whose calls fail', async () => {
  const { page, post } = openWindow();
  const bridge = openBridge(page);
  const first = new MessageChannel();
  const second = new MessageChannel();
  post('limen:wire', [first.port1]);
  const old = connect(contract, wireOf(bridge)).echo('old');
  first.port2.start();
  const closed = once(first.port2, 'close');
  post('limen:wire', [second.port1]);
  await assert.rejects(old, (error) => error instanceof Fault && error.code === 'wire.closed');
  await closed;
  serve(contract, { echo: (ask) => ask }, portWire(second.port2));
  assert.equal(await connect(contract, wireOf(bridge)).echo('new'), 'new');
  second.port2.close();
});

test('out of service closes the wire and stays so until a new port comes', async () => {
  const { page, post } = openWindow();
  const bridge = openBridge(page);
  const first = new MessageChannel();
  post('limen:wire', [first.port1]);
  first.port2.start();
  const closed = once(first.port2, 'close');
  post('limen:out-of-service');
  await closed;
  assert.equal(bridge.current().state, 'closed');
  const second = new MessageChannel();
  post('limen:wire', [second.port1]);
  assert.equal(bridge.current().state, 'connected');
  second.port1.close();
});
