import type { Fault } from '../contract/fault.ts';

/** What a bus tells of a serial device before it is opened. Empty or 0 where the system does not know. */
export interface ByteInfo {
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string;
}

/** One open byte stream; chunks have no meaning. A port that has closed stays closed. */
export interface BytePort {
  readonly info: ByteInfo;
  /** Fails with `device.absent`. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Every chunk, until the returned function is called. The bytes are not used again by the port. A port that notices that
   * bytes were lost says `broken`: what comes next begins a frame.
   */
  onBytes(hear: (chunk: Uint8Array) => void, broken?: () => void): () => void;
  /** Told once why the port closed; at once when it has closed already. */
  onClosed(hear: (why: Fault) => void): () => void;
  close(): Promise<void>;
}

/** The parity bit of a serial line; USB devices do not care. */
export type Parity = 'none' | 'even' | 'odd';

/** All serial devices of a machine. */
export interface ByteBus {
  list(): Promise<readonly ByteInfo[]>;
  /** Fails with `device.absent`. */
  open(path: string, baud: number, parity?: Parity): Promise<BytePort>;
  onChange(hear: () => void): () => void;
}
