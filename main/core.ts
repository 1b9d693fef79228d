import { configFile, readConfig } from './config/config.ts';
import { nodeHidBus } from './devices/hid-node.ts';
import { serialBus } from './devices/byte-serial.ts';
import { nodeUsbBus } from './devices/usb-node.ts';
import { hostKiosk } from './host.ts';

/** The entry of the core process: the kiosk with the machine's own devices. */
await hostKiosk(readConfig(configFile()), { hid: nodeHidBus(), bytes: serialBus(), usb: nodeUsbBus() });
