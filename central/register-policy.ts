import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import * as z from 'zod';

/** SHA-256 values of platform configuration registers, in hexadecimal, by number. */
export const Registers = z
  .record(z.string().regex(/^([0-9]|1[0-9]|2[0-3])$/), z.string().regex(/^[0-9a-f]{64}$/))
  .refine((registers) => Object.keys(registers).length > 0, 'no register');
export type Registers = z.infer<typeof Registers>;

/** Policies that were signed, as systemd reads them (systemd-measure(1)): each lets a machine with those registers unseal. */
export const SignedPolicies = z.strictObject({
  sha256: z.array(z.strictObject({ pcrs: z.array(z.int()), pkfp: z.string(), pol: z.string(), sig: z.base64() })),
});
export type SignedPolicies = z.infer<typeof SignedPolicies>;

const policyPcrCommand = Buffer.from([0, 0, 0x01, 0x7f]);
/** One selection, of the SHA-256 bank, with three bytes of a mask (TPM 2.0 Library, part 2, 10.6). */
const selection = Buffer.from([0, 0, 0, 1, 0x00, 0x0b, 3]);

/** The digest of TPM2_PolicyPCR over these values (TPM 2.0 Library, part 3, 23.7). */
export function policyOf(registers: Registers): Buffer {
  const pcrs = numbersOf(registers);
  const mask = Buffer.alloc(3);
  for (const pcr of pcrs) mask[pcr >> 3]! |= 1 << (pcr & 7);
  const values = sha256(...pcrs.map((pcr) => Buffer.from(registers[String(pcr)]!, 'hex')));
  return sha256(Buffer.alloc(32), policyPcrCommand, selection, mask, values);
}

/** Signs what lets a machine with these registers unseal: RSASSA-PKCS1-v1_5 with SHA-256, the key named by its PKCS #1 digest. */
export function signRegisters(registers: Registers, privateKey: KeyObject): SignedPolicies['sha256'][number] {
  const policy = policyOf(registers);
  const named = createPublicKey(privateKey).export({ format: 'der', type: 'pkcs1' });
  return {
    pcrs: numbersOf(registers),
    pkfp: sha256(named).toString('hex'),
    pol: policy.toString('hex'),
    sig: sign('sha256', policy, privateKey).toString('base64'),
  };
}

const numbersOf = (registers: Registers) =>
  Object.keys(registers)
    .map(Number)
    .toSorted((a, b) => a - b);

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
