import * as z from 'zod';
import { Fault } from '../main/contract/fault.ts';

const Version = z.int().min(1);

/** Which lists kiosks have to erase: each up to a version, everywhere or at kiosks by their names. */
export const ListOrders = z.strictObject({
  format: z.literal('limen-list-orders'),
  version: z.literal(1),
  everywhere: Version.optional(),
  kiosks: z.record(z.string().min(1).max(64), Version).default({}),
});
export type ListOrders = z.infer<typeof ListOrders>;

/** Reads orders as a person writes them (JSON). Fault: `config.invalid`. */
export function readListOrders(text: string): ListOrders {
  try {
    return ListOrders.parse(JSON.parse(text));
  } catch (cause) {
    throw new Fault('config.invalid', 'erase-lists.json cannot be read', { cause });
  }
}

/** The version up to which a kiosk is to erase what it has, or undefined. It is told with every receipt, for as long as it stands. */
export function orderFor(kioskId: string, orders: ListOrders | undefined): number | undefined {
  const [everywhere = 0, here = 0] = [
    orders?.everywhere,
    orders && Object.hasOwn(orders.kiosks, kioskId) ? orders.kiosks[kioskId] : 0,
  ];
  return Math.max(everywhere, here) || undefined;
}
