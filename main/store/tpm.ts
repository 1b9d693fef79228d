import { Fault } from '../contract/fault.ts';
import { runProgram } from './command.ts';

/** Which TPM 2.0, and what of the machine's start a key is bound to. */
export interface TpmOptions {
  /** TCTI of the TSS, such as `device:/dev/tpmrm0`. */
  readonly device: string;
  /** Platform configuration registers of the SHA-256 bank. */
  readonly pcrs: readonly number[];
  /** NV index of the counter. */
  readonly counterIndex: number;
  /** Seals to whatever registers the office has signed, not to those of now: its public key (RSA, PEM), and its signatures. Files. */
  readonly signedPolicy?: { readonly publicKey: string; readonly signatures: string } | undefined;
}

/** The SHA-256 values of platform configuration registers, in hexadecimal, by number. */
export type PcrValues = Readonly<Record<string, string>>;

/** What the kiosk uses of a TPM 2.0. Fault of all: `tpm.absent` when it or its programs cannot be reached. */
export interface Tpm {
  pcrs(): Promise<PcrValues>;
  /** Seals a secret to the registers as they are. Fault: `tpm.unmeasured` when the machine measured nothing into them. */
  seal(secret: Uint8Array): Promise<string>;
  /** Fault: `tpm.refused` when the registers are not as they were, or another TPM sealed it. */
  unseal(sealed: string): Promise<Uint8Array>;
  /** Reads the counter, which is made on first use. It never goes down, nor when it is deleted and made again. */
  count(): Promise<number>;
  /** Adds one. Each wears the TPM's memory: at most one an hour is meant. */
  increment(): Promise<void>;
}

const name = 'limen-store-key';

/**
 * Reaches a TPM through programs of Debian that are kept by others: systemd-creds for secrets, which talks to the TPM in sessions
 * with encrypted parameters (TPM 2.0 Library, part 1, section 21), so that no secret crosses the bus in clear; tpm2-tools for registers and the counter.
 */
export function openTpm({ device, pcrs, counterIndex, signedPolicy }: TpmOptions): Tpm {
  const index = `0x${counterIndex.toString(16)}`;
  const creds = (...args: string[]) => [`--tpm2-device=${device}`, `--name=${name}`, ...args, '-', '-'];
  const registers = pcrs.join('+');
  const binding = signedPolicy
    ? [
        '--with-key=tpm2-with-public-key',
        '--tpm2-pcrs=',
        `--tpm2-public-key=${signedPolicy.publicKey}`,
        `--tpm2-public-key-pcrs=${registers}`,
      ]
    : ['--with-key=tpm2', `--tpm2-pcrs=${registers}`];
  const shown = signedPolicy ? [`--tpm2-signature=${signedPolicy.signatures}`] : [];
  const tools = (program: string, ...args: string[]) => runProgram(`tpm2_${program}`, ['-T', device, ...args]);
  const readPcrs = async () => {
    const told = await reaching(tools('pcrread', `sha256:${pcrs.join(',')}`));
    return Object.fromEntries(
      [...told.toString().matchAll(/^\s+(\d+)\s*:\s*0x([0-9A-F]{64})$/gim)].map(([, pcr, value]) => [
        pcr!,
        value!.toLowerCase(),
      ]),
    );
  };
  return {
    pcrs: readPcrs,
    async seal(secret) {
      const values = Object.values(await readPcrs());
      // All zeros or all ones: nobody measures here, and whatever is started could unseal.
      if (values.length !== pcrs.length || values.every((value) => /^(0+|f+)$/.test(value)))
        throw new Fault('tpm.unmeasured', 'the machine measures nothing into these registers');
      return (await runProgram('systemd-creds', creds(...binding, 'encrypt'), secret)).toString('latin1').trim();
    },
    unseal: async (sealed) =>
      new Uint8Array(await runProgram('systemd-creds', creds(...shown, 'decrypt'), Buffer.from(sealed))),
    async count() {
      const read = () => tools('nvread', '-C', index, index);
      const bytes = await read().catch(async (error: unknown) => {
        if (Fault.from(error).code === 'tpm.absent') throw error;
        await reaching(tools('nvdefine', '-C', 'o', '-a', 'nt=counter|ownerread|ownerwrite|authread|authwrite', index));
        await reaching(tools('nvincrement', '-C', index, index));
        return reaching(read());
      });
      return Number(bytes.readBigUInt64BE());
    },
    async increment() {
      await reaching(tools('nvincrement', '-C', index, index));
    },
  };
}

/** A program that fails at something that always works has not reached the TPM. */
async function reaching<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new Fault('tpm.absent', 'the TPM does not answer', { cause });
  }
}
