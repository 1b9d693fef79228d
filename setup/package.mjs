/** Packages the kiosk. Only around the official Electron: the development stand-in is refused here and after packing. */
import { run } from './command.mjs';
import { officialElectron } from './electron.mjs';
import { say } from './say.mjs';

if (!officialElectron()) {
  say('packaging needs the official Electron, which could not be downloaded; the development stand-in is refused.');
  process.exit(1);
}
process.exit(
  await run(process.execPath, ['node_modules/electron-builder/cli.js', '--linux', ...process.argv.slice(2)]),
);
