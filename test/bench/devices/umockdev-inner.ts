import { umockdevRung } from '../../devices/contract/umockdev-rung.ts';
import { measureImager } from './measure.ts';

/** Runs inside of umockdev's testbed: `umockdev-inner.ts BRIDGE-SOCKET SIZE...`; prints the figures of each size as JSON. */
const [, , bridge = '', ...sizes] = process.argv;
const rung = await umockdevRung(bridge);
for (const size of sizes) console.log(JSON.stringify(await measureImager(rung, Number(size))));
await rung.close();
