import { parseArgs } from 'node:util';
import { createPki } from './pki.ts';

// node test/sim/pki/main.ts --dir DIR --kiosk ID [--kiosk ID ...]: prints where each party's files are, as one JSON line.
const { values } = parseArgs({ options: { dir: { type: 'string' }, kiosk: { type: 'string', multiple: true } } });
if (!values.dir || !values.kiosk) {
  console.error('usage: node test/sim/pki/main.ts --dir DIR --kiosk ID [--kiosk ID ...]');
  process.exit(2);
}
const { central, operator, kiosks } = await createPki(values.dir, { kiosks: values.kiosk });
console.log(JSON.stringify({ central, operator, kiosks }));
