import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Fault, type FaultCode } from '../../../main/contract/fault.ts';
import { within } from '../../../main/devices/wait.ts';
import type { ModelKind } from '../../sim/devices/model-kinds.ts';
import { eventually, type Plugged, type Rung } from './rung.ts';

/** A signal that never fires. */
export const never = new AbortController().signal;
/** For assert.rejects: a fault of a code. */
export const withCode = (code: FaultCode) => (error: unknown) => error instanceof Fault && error.code === code;

/** What a model's verb `state` gives. */
export type ModelState = Readonly<Record<string, string | number | boolean>>;

let last = 0;

/** Plugs in a device with a serial number of its own until the test ends; it is looked for on the rung's bus of its kind. */
export async function plugIn<I extends { readonly serial: string }>(
  t: TestContext,
  on: Rung,
  kind: ModelKind,
  bus: { list(): Promise<readonly I[]> },
  options: object,
) {
  const serial = `SN-${process.pid}-${++last}`;
  const device = await on.plug(kind, { serial, ...options });
  t.after(() => device.unplug());
  const find = async (): Promise<I | undefined> => (await bus.list()).find((info) => info.serial === serial);
  return {
    device,
    serial,
    listed: () => eventually(on, `${kind} ${serial} in the list`, find),
    gone: () => eventually(on, `no ${kind} ${serial} in the list`, async () => ((await find()) ? undefined : true)),
    /** The work's outcome, or a failure where it hangs. */
    soon: <T>(work: Promise<T>, what: string): Promise<T> => within(on.clock, 30_000 * on.slowness, work, what),
    /** Waits until the model's verb `state` has something. */
    until: (what: string, so: (state: ModelState) => boolean) =>
      eventually(on, what, async () => (so(await device.verb<ModelState>('state')) ? true : undefined)),
  };
}

/** A driver that is at work with a device of its own. */
export interface AtWork {
  readonly device: Plugged;
  readonly driver: { readonly lost: Promise<Fault> };
  readonly soon: <T>(work: Promise<T>, what: string) => Promise<T>;
  /** Begins what only a sound device ends, and calls `act` when the device is at it. */
  readonly work: (act: () => Promise<unknown>) => Promise<unknown>;
}

/**
 * The test that a device which breaks (the verb `error` with these arguments), and one that does not answer any more, end what is
 * under way with a fault of a code, and are lost with the same.
 */
export function failureContract(
  name: string,
  begin: (t: TestContext) => Promise<AtWork>,
  { broken = { code: 3 }, silence = 'device.timeout' }: { broken?: object; silence?: FaultCode } = {},
): void {
  const ways = [
    ['error', broken, 'device.broken'],
    ['sleep', { delayMs: 3_600_000 }, silence],
  ] as const;
  test(`${name} is a typed fault`, async (t) => {
    await Promise.all(
      ways.map(async ([verb, args, code]) => {
        const { device, driver, soon, work } = await begin(t);
        await assert.rejects(
          work(() => device.verb(verb, args)),
          withCode(code),
        );
        assert.equal((await soon(driver.lost, 'the loss')).code, code);
      }),
    );
  });
}
