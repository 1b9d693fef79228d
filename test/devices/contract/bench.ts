import type { TestContext } from 'node:test';
import { Fault, type FaultCode } from '../../../main/contract/fault.ts';
import { within } from '../../../main/devices/wait.ts';
import type { ModelKind } from '../../sim/devices/model-kinds.ts';
import { eventually, type Rung } from './rung.ts';

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
    soon: <T>(work: Promise<T>, what: string): Promise<T> => within(on.clock, 20_000 * on.slowness, work, what),
    /** Waits until the model's verb `state` has something. */
    until: (what: string, so: (state: ModelState) => boolean) =>
      eventually(on, what, async () => (so(await device.verb<ModelState>('state')) ? true : undefined)),
  };
}
