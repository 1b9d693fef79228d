/**
 * Opens a HID device by its path as user nobody in a group, and prints who it is, or the fault's code. Everything is loaded
 * before root is given up, for the program's own files may be root's alone. Says `listed` before the first attempt.
 */
import { Fault } from '../../main/contract/fault.ts';
import { FingerImager, imagerTimes } from '../../main/devices/finger-imager.ts';
import { nodeHidBus } from '../../main/devices/hid-node.ts';

const nobody = 65_534;
const [, , path = '', group = ''] = process.argv;
const bus = nodeHidBus();
await bus.list();
process.setgroups?.([]);
process.setgid?.(Number(group));
process.setuid?.(nobody);
process.stdout.write('listed\n');
const slow = Object.fromEntries(Object.entries(imagerTimes).map(([name, ms]) => [name, ms * 3]));
try {
  const scanner = await FingerImager.open(await bus.open(path), { times: slow });
  process.stdout.write(`${scanner.info.serial}\n`);
  await scanner.close();
} catch (error) {
  process.stdout.write(`${Fault.from(error).code}\n`);
}
