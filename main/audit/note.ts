import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { Fault } from '../contract/fault.ts';
import { fromBase64, toBase64 } from './base64.ts';

// Signed notes as C2SP writes them (c2sp.org/signed-note), with Ed25519 (signature type 1) alone.

/** Who signs: a name that holds no space and no plus, and a key. */
export interface NoteKey {
  readonly name: string;
  /** The first four bytes of SHA-256 over name, newline, type and public key. */
  readonly id: Buffer;
  readonly publicKey: KeyObject;
}

/** A key that can sign. The private key may lie elsewhere: only `sign` is asked. */
export interface NoteSigner extends NoteKey {
  sign(text: Uint8Array): Uint8Array;
}

const ed25519 = Buffer.from([1]);
const signatureBytes = 64;
/** A note may be signed by so many, and its verifier has to look at all of them. */
const maxSignatures = 16;
const spki = Buffer.from('302a300506032b6570032100', 'hex');
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A signer by its name and its 32-byte seed (RFC 8032). Fault: `config.invalid` for a name that no note may have. */
export function noteSigner(name: string, seed: Uint8Array): NoteSigner {
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  return signerOf(name, privateKey);
}

/** A signer by its name and an Ed25519 private key. Fault: `config.invalid`. */
export function signerOf(name: string, privateKey: KeyObject): NoteSigner {
  const publicKey = createPublicKey(privateKey);
  return { ...noteKey(name, publicKey), sign: (text) => sign(null, text, privateKey) };
}

/** The verifier key as text: `name+id+base64(type || public key)`. */
export function keyText({ name, id, publicKey }: NoteKey): string {
  return `${name}+${id.toString('hex')}+${toBase64(Buffer.concat([ed25519, rawKey(publicKey)]))}`;
}

/** Reads a verifier key. Fault: `audit.malformed`. */
export function readKeyText(text: string): NoteKey {
  const [name = '', id = '', ...rest] = text.split('+');
  const bytes = fromBase64(rest.join('+'));
  if (bytes?.length !== 33 || bytes[0] !== ed25519[0])
    throw new Fault('audit.malformed', 'not an Ed25519 verifier key');
  const key = noteKey(
    name,
    createPublicKey({ key: Buffer.concat([spki, bytes.subarray(1)]), format: 'der', type: 'spki' }),
  );
  if (key.id.toString('hex') !== id) throw new Fault('audit.malformed', 'a verifier key with another id than its own');
  return key;
}

/** Signs a text that ends in a newline. */
export function signNote(text: string, signer: NoteSigner): string {
  const signature = Buffer.concat([signer.id, signer.sign(Buffer.from(text))]);
  return `${text}\n— ${signer.name} ${toBase64(signature)}\n`;
}

/**
 * The text of a note that the key has signed. Signatures of others are passed over, whatever they are worth. Undefined where
 * this key's is missing or false. Fault: `audit.malformed` for what is no note.
 */
export function openNote(note: string, key: NoteKey): string | undefined {
  const { text, signatures } = takeApart(note);
  const own = signatures.filter(({ name, bytes }) => name === key.name && bytes.subarray(0, 4).equals(key.id));
  const signed = Buffer.from(text);
  const valid = ({ bytes }: { bytes: Buffer }) =>
    bytes.length === 4 + signatureBytes && verify(null, signed, key.publicKey, bytes.subarray(4));
  return own.length > 0 && own.every(valid) ? text : undefined;
}

/** Splits a note at its last empty line, without a look at what its signatures are worth. Fault: `audit.malformed`. */
export function takeApart(note: string): { text: string; signatures: { name: string; bytes: Buffer }[] } {
  const split = note.lastIndexOf('\n\n');
  // oxlint-disable-next-line no-control-regex
  if (split < 0 || !note.endsWith('\n') || /[\0-\x09\x0b-\x1f]/.test(note) || !note.isWellFormed())
    throw new Fault('audit.malformed', 'not a signed note');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > maxSignatures) throw new Fault('audit.malformed', 'a note with too many signatures');
  const signatures = lines.map((line) => {
    const [mark, name = '', signature = '', ...more] = line.split(' ');
    const bytes = fromBase64(signature);
    if (mark !== '—' || !nameHolds(name) || more.length > 0 || !bytes || bytes.length < 5)
      throw new Fault('audit.malformed', 'a note with a line that is no signature');
    return { name, bytes };
  });
  return { text: note.slice(0, split + 1), signatures };
}

function noteKey(name: string, publicKey: KeyObject): NoteKey {
  if (!nameHolds(name)) throw new Fault('audit.malformed', 'not a name of a key');
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ed25519, rawKey(publicKey)]), 'buffer');
  return { name, id: id.subarray(0, 4), publicKey };
}

const nameHolds = (name: string) => name.length > 0 && name.length <= 255 && !/[\s+]/u.test(name);

function rawKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(spki.length);
}
