import { setImmediate as turn } from 'node:timers/promises';
import type { UsbBus } from '../../../main/devices/usb-port.ts';
import { eventually, type Rung } from './rung.ts';

/**
 * Waits until every device is gone and heard of. A program that ends by itself while npm usb still has news to hand over is aborted by
 * it (`terminate called after throwing an instance of 'Napi::Error'`), hangs, or may find its heap damaged: its queue outlives
 * what it calls. One that calls process.exit(), or is killed as the core is, never gets there.
 */
export async function quietUsb(rung: Rung, usb: UsbBus): Promise<void> {
  await eventually(rung, 'no USB device', async () => ((await usb.list()).length === 0 ? true : undefined));
  await turn();
}
