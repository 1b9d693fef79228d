import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { recoverStoreKey } from './recovery.ts';

// node central/recover-key.ts --office FILE --wrapped FILE --out FILE: at the office that recovers keys, on a machine that is not
// online. Opens a kiosk's limen.key.recovery; what it writes is put beside that kiosk's store as limen.key (mode 0600).
const { values } = parseArgs({
  options: { office: { type: 'string' }, wrapped: { type: 'string' }, out: { type: 'string' } },
});
if (!values.office || !values.wrapped || !values.out) {
  console.error('usage: node central/recover-key.ts --office FILE --wrapped FILE --out FILE');
  process.exit(2);
}
const office = JSON.parse(readFileSync(values.office, 'utf8')) as JsonWebKey;
writeFileSync(values.out, await recoverStoreKey(readFileSync(values.wrapped), office), { mode: 0o600, flag: 'wx' });
