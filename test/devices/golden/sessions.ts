import assert from 'node:assert/strict';
import type { BytePort } from '../../../main/devices/byte-port.ts';
import type { Clock } from '../../../main/devices/clock.ts';
import { FingerImager } from '../../../main/devices/finger-imager.ts';
import { FramedDocumentReader } from '../../../main/devices/framed-document-reader.ts';
import { GateBoard } from '../../../main/devices/gate-board.ts';
import type { HidPort } from '../../../main/devices/hid-port.ts';
import type { ModelKind } from '../../sim/devices/model-kinds.ts';
import { bytesToSend, imageToSend } from '../../sim/devices/sim-device.ts';
import { never } from '../contract/bench.ts';

/** Moves the model while a session is recorded; nothing has to be moved when it is replayed. */
export type Hand = (verb: string, args?: unknown) => Promise<unknown>;

/** A conversation that always says the same: what a driver is put through when it is recorded and when it is replayed. */
export interface Session<Port> {
  readonly kind: ModelKind;
  readonly options: object;
  run(port: Port, clock: Clock, hand: Hand): Promise<void>;
}

const ramp = (lengthBytes: number): Uint8Array => Uint8Array.from({ length: lengthBytes }, (_, n) => (7 * n) & 255);
const random = (): number => 0;

export const imagerSession: Session<HidPort> = {
  kind: 'finger-imager',
  options: { serial: 'FI-0001', fragmentReportBytes: 64 },
  async run(port, clock, hand) {
    const settings = { gainPercent: 40, sleepAfterSeconds: 300 };
    const scanner = await FingerImager.open(port, { clock, random, settings });
    const image = { widthPx: 24, heightPx: 20, dpi: 500, pixels: ramp(480) };
    await hand('finger', { image: imageToSend(image) });
    const seen: string[] = [];
    for await (const event of scanner.capture({ signal: never, position: 'right-index' })) {
      seen.push(event.type);
      if (event.type === 'image') assert.deepEqual(Buffer.from(event.image.pixels), Buffer.from(image.pixels));
    }
    assert.deepEqual(seen, ['finger', 'image']);
    assert.equal((await scanner.selfTest(never)).passed, true);
    await scanner.close();
  },
};

export const readerSession: Session<BytePort> = {
  kind: 'document-reader',
  options: { serial: 'DR-0001', opticalMs: 20, chipMs: 20 },
  async run(port, clock, hand) {
    const lines = [
      'I<UTOD231458907<<<<<<<<<<<<<<<',
      '7408122F1204159UTO<<<<<<<<<<<6',
      'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
    ];
    const portrait = ramp(300);
    const reader = await FramedDocumentReader.open(port, { clock });
    await hand('insert', { lines, portrait: bytesToSend(portrait) });
    const seen: string[] = [];
    for await (const event of reader.read({ signal: never })) {
      seen.push(event.type);
      if (event.type === 'lines') assert.deepEqual(event.lines, lines);
      if (event.type !== 'portrait') continue;
      assert.deepEqual(Buffer.from(event.bytes), Buffer.from(portrait));
      break;
    }
    assert.deepEqual(seen, ['placed', 'lines', 'portrait']);
    await reader.close();
  },
};

export const gateSession: Session<BytePort> = {
  kind: 'gate',
  options: { serial: 'GB-0001', travelMs: 20 },
  async run(port, clock) {
    const gate = await GateBoard.open(port, { clock, random });
    assert.equal(await gate.open({ signal: never }), 'opened');
    await gate.close();
    assert.equal(gate.state, 'closed');
    await gate.closePort();
  },
};

/** All of them, by the names of their golden transcripts. */
export const sessions = { imager: imagerSession, reader: readerSession, gate: gateSession } as const;
