import { after } from 'node:test';
import { contracts } from './contracts.ts';
import { lateNodes } from './late-nodes.ts';
import { umockdevRung } from './umockdev-rung.ts';

/** What can be asked for inside of the testbed. */
const all = { ...contracts, lateNodes };

const [, , bridge = '', device = '', backend = ''] = process.argv;
const rung = await umockdevRung(bridge, backend === 'libusb' ? backend : 'hidraw');
after(() => rung.close());
all[device as keyof typeof all](() => rung);
