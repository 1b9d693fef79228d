import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { KeyDocument } from '../main/contract/keys.ts';
import { signKeyDocument } from './key-document.ts';

// node central/sign-keys.ts --authority FILE --document FILE: at the key authority, on a machine that is not online. Prints keys.jws
// for central's folder: the key document (JSON, main/contract/keys.ts), signed with the authority's private key (Ed25519, PEM).
const { values } = parseArgs({ options: { authority: { type: 'string' }, document: { type: 'string' } } });
if (!values.authority || !values.document) {
  console.error('usage: node central/sign-keys.ts --authority FILE --document FILE');
  process.exit(2);
}
const document = JSON.parse(readFileSync(values.document, 'utf8')) as KeyDocument;
process.stdout.write(await signKeyDocument(document, createPrivateKey(readFileSync(values.authority))));
