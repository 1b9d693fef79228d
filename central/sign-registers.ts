import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Registers, SignedPolicies, signRegisters } from './register-policy.ts';

// node central/sign-registers.ts --key PEM --registers JSON [--signed JSON]: on the office's machine, offline; signs the registers of a
// machine that was started as it should be ({"4":"…","7":"…"}, as `limen.key.tpm` has them), and prints all that is signed.
const { values } = parseArgs({
  options: { key: { type: 'string' }, registers: { type: 'string' }, signed: { type: 'string' } },
});
const { key, registers, signed } = values;
if (key === undefined || registers === undefined) {
  console.error('usage: node central/sign-registers.ts --key PEM --registers JSON [--signed JSON]');
  process.exit(2);
}
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const before = signed === undefined ? [] : SignedPolicies.parse(read(signed)).sha256;
const fresh = signRegisters(Registers.parse(read(registers)), createPrivateKey(readFileSync(key)));
console.log(JSON.stringify({ sha256: [...before.filter(({ pol }) => pol !== fresh.pol), fresh] }));
