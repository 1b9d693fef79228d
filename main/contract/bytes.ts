import * as z from 'zod';

/** Bytes, over whatever kind of buffer. */
export const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes are wanted');
