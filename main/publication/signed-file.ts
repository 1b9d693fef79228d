import * as z from 'zod';
import { Fault } from '../contract/fault.ts';
import { maxMetadataBytes, Signature } from './metadata.ts';

/** A file of metadata: what is signed, checked for its form only, and by whom it says it is. */
export interface SignedFile<Signed> {
  /** As it was sent: what the signatures are over. */
  readonly raw: unknown;
  readonly signed: Signed;
  readonly signatures: readonly Signature[];
  /** The file's bytes. */
  readonly bytes: Uint8Array;
}

const Envelope = z.object({
  signed: z.record(z.string(), z.unknown()),
  signatures: z
    .array(Signature)
    .max(32)
    .refine((all) => new Set(all.map(({ keyid }) => keyid)).size === all.length, 'a key that signs twice'),
});

/** Reads a file of metadata. Nothing of it is to be believed yet. Fault: `watchlist.refused` for what is not one. */
export function readSigned<Signed>(bytes: Uint8Array, schema: z.ZodType<Signed>): SignedFile<Signed> {
  if (bytes.length > Math.max(...Object.values(maxMetadataBytes))) throw new Fault('watchlist.refused', 'too long');
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const { signed: raw, signatures } = Envelope.parse(value);
    return { raw, signed: schema.parse(raw), signatures, bytes };
  } catch (cause) {
    throw new Fault('watchlist.refused', 'not a file of metadata', { cause });
  }
}
