import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import { openAudience } from '../../main/contract/audience.ts';
import { Fault } from '../../main/contract/fault.ts';
import { call, connect, serve, tell } from '../../main/contract/wire.ts';
import { wirePair } from '../sim/wire.ts';

const contract = {
  double: call(z.number(), z.number()),
  fail: call(z.void(), z.void()),
  state: tell(z.string()),
};

const handlers = {
  double: (value: number) => value * 2,
  fail: () => {
    throw new Error('a secret of the inside');
  },
};

test('a call is answered, and a tell is heard, across a port', async () => {
  const { near, far, close } = wirePair();
  const notify = serve(contract, handlers, near);
  const client = connect(contract, far);
  assert.equal(await client.double(21), 42);
  const heard = new Promise((resolve) => client.state(resolve));
  notify('state', 'ready');
  assert.equal(await heard, 'ready');
  close();
});

test('a late listener is told the present', async () => {
  const { near, far, close } = wirePair();
  const audience = openAudience(contract, handlers);
  audience.tell('state', 'first');
  audience.tell('state', 'second');
  audience.attach(near);
  const client = connect(contract, far);
  assert.equal(await new Promise((resolve) => client.state(resolve)), 'second');
  assert.equal(await new Promise((resolve) => client.state(resolve)), 'second');
  close();
});

test('what breaks the contract is refused and never reaches a handler', async () => {
  const { near, far, close } = wirePair();
  let reached = 0;
  serve(contract, { ...handlers, double: (value) => ((reached += 1), value) }, near);
  const client = connect(contract, far);
  for (const wrong of ['21', Number.NaN, null, undefined, {}, []])
    await assert.rejects(client.double(wrong as number), { code: 'contract.breach' });
  assert.equal(reached, 0);
  close();
});

test('the inside of an error does not cross', async () => {
  const { near, far, close } = wirePair();
  serve(contract, handlers, near);
  const crossed: unknown[] = [];
  far.listen((message) => crossed.push(message));
  await assert.rejects(connect(contract, far).fail(), { code: 'internal' });
  assert.ok(!JSON.stringify(crossed).includes('secret'));
  close();
});

test('calls still open when the wire closes fail, and so do later ones', async () => {
  const { near, far, close } = wirePair();
  serve(contract, { ...handlers, double: () => new Promise<number>(() => {}) }, near);
  const client = connect(contract, far);
  const open = client.double(1);
  close();
  await assert.rejects(open, { code: 'wire.closed' });
  await assert.rejects(client.double(1), { code: 'wire.closed' });
});

test('whatever is thrown at the serving end, it lives and answers the next call', async () => {
  const { near, far, post, close } = wirePair();
  serve(contract, handlers, near);
  const client = connect(contract, far);
  await fc.assert(
    fc.asyncProperty(fc.anything(), fc.string(), async (anything, name) => {
      const cloneable = (() => {
        try {
          return structuredClone(anything);
        } catch {
          return typeof anything;
        }
      })();
      post(cloneable);
      post({ id: 1_000_000, name, ask: cloneable });
      post({ id: -1, name: '__proto__', ask: cloneable, more: cloneable });
      assert.equal(await client.double(2), 4);
    }),
  );
  close();
});

test('a fault keeps its code and its cause', () => {
  const cause = new Error('cable');
  const fault = Fault.from(cause, 'device.absent');
  assert.equal(fault.code, 'device.absent');
  assert.equal(fault.cause, cause);
  assert.equal(Fault.from(fault, 'internal'), fault);
});
