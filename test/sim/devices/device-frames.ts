import type { Socket } from 'node:net';

/**
 * What a hosted model and whoever fakes its node say to one another over a stream: u32 length of what follows, u8 kind
 * (an ASCII letter), u32 tag, payload; little-endian. A request's answer has its kind in capitals and its tag, and an empty
 * payload where the device did not answer.
 *
 * From the model: `h` hello, JSON of what it is, once; `i` input report or bytes, of a USB device behind its endpoint (u8);
 * `u` its cable was pulled. To the model: `o` output report or bytes, of a USB device behind its endpoint; `g` get feature
 * (u8 id, u16 length), answered by 1 and the report; `s` set feature, answered by 1; `c` USB control transfer (8 bytes of
 * setup, then data), answered by 1 and data, or by 0 when it is refused; `p` its plug was pulled.
 */
export type FrameKind = 'h' | 'i' | 'u' | 'o' | 'g' | 's' | 'c' | 'p' | 'G' | 'S' | 'C';

export interface DeviceFrame {
  readonly kind: FrameKind;
  readonly tag: number;
  readonly payload: Uint8Array;
}

const headBytes = 9;

/** Writes one frame. */
export function sendFrame(socket: Socket, kind: FrameKind, payload: Uint8Array = new Uint8Array(0), tag = 0): void {
  const frame = Buffer.alloc(headBytes + payload.length);
  frame.writeUInt32LE(headBytes - 4 + payload.length, 0);
  frame.write(kind, 4, 'latin1');
  frame.writeUInt32LE(tag, 5);
  frame.set(payload, headBytes);
  if (socket.writable) socket.write(frame);
}

/** Hears every frame that comes whole. */
export function hearFrames(socket: Socket, hear: (frame: DeviceFrame) => void): void {
  let waiting: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    for (;;) {
      if (waiting.length < headBytes) return;
      const end = 4 + waiting.readUInt32LE(0);
      if (waiting.length < end) return;
      const kind = waiting.toString('latin1', 4, 5) as FrameKind;
      hear({ kind, tag: waiting.readUInt32LE(5), payload: new Uint8Array(waiting.subarray(headBytes, end)) });
      waiting = waiting.subarray(end);
    }
  });
}
