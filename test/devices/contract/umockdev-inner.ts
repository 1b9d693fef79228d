import { after } from 'node:test';
import { contracts } from './contracts.ts';
import { umockdevRung } from './umockdev-rung.ts';

const [, , bridge = '', device = '', backend = ''] = process.argv;
const rung = await umockdevRung(bridge, backend === 'libusb' ? backend : 'hidraw');
after(() => rung.close());
contracts[device as keyof typeof contracts](() => rung);
