import assert from 'node:assert/strict';
import { Fault } from '../../main/contract/fault.ts';
import { encodeFrame, FrameReader, maxPayloadBytes } from '../../main/devices/document-frames.ts';
import { boardIdentity, boardState, gateFeatures } from '../../main/devices/gate-state.ts';
import { encodeGateLine, GateLineReader } from '../../main/devices/gate-lines.ts';
import { decodePiece, encodePieces, readerReportId } from '../../main/devices/hid-frames.ts';
import { encodeModbus, exceptionOf, inputsOf, ModbusResponseReader } from '../../main/devices/modbus-frames.ts';
import { TextFrameReader } from '../../main/devices/text-frames.ts';
import { seededRandom } from '../sim/devices/fault-line.ts';

/** What parses the bytes of one kind of device. A case is a chunk; the parser lives on, as it does behind a port. */
interface Parser {
  /** Takes a chunk, asserts whatever must hold of what comes out, and gives how much that was. */
  push(chunk: Uint8Array): number;
  /** A quiet moment; gives as much. */
  readonly rest?: () => number;
}

/** Sound things that such a device may say, to begin with. */
interface Target {
  readonly sound: readonly Uint8Array[];
  readonly open: () => Parser;
}

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const zone = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];
const card = ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'];
const frames = ['P', 'M', 'F', 'D', 'A'].map((kind, at) =>
  encodeFrame(kind, at, ascii(`\u0001\u0000${card.join('\r')}`)),
);
const state = ['CLOSED', 'RED', '--', '0000', 'OPEN', 'BIT', '1', '0001', 'NORMAL'];
const pdus = [
  [2, 1, 5],
  [0x82, 2],
  [5, 0, 1, 0xff, 0],
  [2, 4, 1, 2, 3, 4],
].map((bytes) => Uint8Array.from(bytes));

/** A zone as readers send it: framed with a check byte, by line ends, and with a prefix and a suffix. */
function documents(lines: readonly string[]): Uint8Array[] {
  const body = ascii(`${lines.join('\r')}\r\u0003`);
  const checked = Buffer.from([0x02, ...body, body.reduce((sum, byte) => sum ^ byte, 0)]);
  return [checked, checked, ascii(`${lines.join('\r\n')}\r\n`), ascii(`\u0002MRZ${lines.join('\n')}#\n\u0003`)];
}

function textTarget(options: ConstructorParameters<typeof TextFrameReader>[0]): Target {
  return {
    sound: [
      ...[...zone, ...card, ...card.map((line) => line.toLowerCase())].map(ascii),
      ...['\r', '\n', '\r\n', '\u0002', '\u0003', '\u0000', 'MRZ'].map(ascii),
      ...[zone, card].flatMap((lines) => documents(lines)),
    ],
    open() {
      const reader = new TextFrameReader(options);
      const check = (news: ReturnType<TextFrameReader['rest']>): number => {
        const whole = news.filter((one) => one.type === 'lines');
        for (const one of whole) {
          const lengthBytes = one.lines[0]?.length;
          assert.ok(one.lines.length === (lengthBytes === 30 ? 3 : 2));
          for (const line of one.lines) assert.ok(line.length === lengthBytes && /^[A-Z0-9<]{30,44}$/.test(line));
        }
        return whole.length;
      };
      return { push: (chunk) => check(reader.push(chunk)), rest: () => check(reader.rest()) };
    },
  };
}

function modbusTarget(framing: 'rtu' | 'tcp'): Target {
  return {
    sound: pdus.map((pdu) => encodeModbus(framing, { transaction: 1, unit: 1, pdu })),
    open() {
      let reader = new ModbusResponseReader(framing);
      reader.expect(1, 2);
      let asked = 0;
      return {
        push(chunk) {
          try {
            const messages = reader.push(chunk);
            for (const { unit, pdu } of messages) {
              assert.ok(pdu.length > 0 && pdu.length < 260);
              if (framing === 'rtu') assert.ok(unit === 1 && (pdu[0]! & 0x7f) === (asked % 2 === 0 ? 2 : 5));
              exceptionOf(pdu);
              const inputs = inputsOf(pdu, 11);
              assert.ok(inputs === undefined || inputs.length === 11);
            }
            return messages.length;
          } catch (error) {
            // The driver gives such a line up and opens it anew.
            if (!(error instanceof Fault) || error.code !== 'device.protocol' || framing === 'rtu') throw error;
            reader = new ModbusResponseReader(framing);
            return 0;
          }
        },
        rest() {
          reader.expect(1, ++asked % 2 === 0 ? 2 : 5);
          return 0;
        },
      };
    },
  };
}

const targets: Readonly<Record<string, Target>> = {
  text: textTarget({}),
  'text-strict': textTarget({ lrc: true, prefix: 'MRZ', suffix: '#' }),
  frames: {
    sound: frames,
    open() {
      const reader = new FrameReader();
      const check = (found: ReturnType<FrameReader['push']>): number => {
        const whole = found.filter((frame) => frame.type === 'binary');
        for (const { payload } of whole) assert.ok(payload.length <= maxPayloadBytes);
        return whole.length;
      };
      return { push: (chunk) => check(reader.push(chunk)), rest: () => check(reader.reset()) };
    },
  },
  pieces: {
    sound: frames.flatMap((frame) => encodePieces(readerReportId.toHost, frame, 0)),
    open: () => ({
      push(report) {
        const piece = decodePiece(readerReportId.toHost, report);
        assert.ok(!piece || piece.payload.length <= report.length - 7);
        return piece ? 1 : 0;
      },
    }),
  },
  'gate-lines': {
    sound: [
      encodeGateLine({ mark: '!', sequence: 1, fields: ['STATE', ...state] }),
      encodeGateLine({ mark: '$', sequence: 255, fields: ['ACK', 'IDENT', '1', '1', 'G', 'S', 'F', 'MANTRAP PEOPLE'] }),
      ascii('\r\n'),
      ascii('$'),
    ],
    open() {
      const reader = new GateLineReader();
      return {
        push(chunk) {
          const lines = reader.push(chunk);
          for (const { fields } of lines) {
            const told = boardState(fields.slice(1), gateFeatures);
            assert.ok(!told || (told.passages <= 0xffff && (told.sight.people ?? 0) <= 9));
            try {
              boardIdentity(fields.slice(1));
            } catch (error) {
              assert.ok(error instanceof Fault && error.code === 'device.protocol');
            }
          }
          return lines.length;
        },
      };
    },
  },
  'modbus-rtu': modbusTarget('rtu'),
  'modbus-tcp': modbusTarget('tcp'),
};

/** One chunk: sound, mutated, or noise. */
function chunkOf(sound: readonly Uint8Array[], random: () => number): Uint8Array {
  const below = (count: number): number => Math.floor(random() * count);
  if (random() < 0.1) return Uint8Array.from({ length: below(40) }, () => below(256));
  const chunk = Uint8Array.from(sound[below(sound.length)]!);
  if (random() < 0.5) return chunk;
  for (let flips = below(3); flips >= 0; flips--) chunk[below(chunk.length)]! ^= 1 << below(8);
  const from = random() < 0.3 ? below(chunk.length) : 0;
  return chunk.subarray(from, random() < 0.3 ? from + below(chunk.length) : chunk.length);
}

/** How much more memory a parser may hold after millions of cases: what a garbage collector leaves lying about. */
const grownMostBytes = 64 * 1024 * 1024;
/** How often all is quiet after a chunk. */
const restShare = 0.3;
const casesAtOnce = 20_000;

/**
 * Feeds random bytes to whatever parses those of readers and gates: `node test/fuzz/devices.ts [10000000runs | 60s] [SEED]`,
 * the limit for all targets together. Prints the number of cases; a finding is printed with its seed, and the exit status is 1.
 */
function fuzz([limit = '10000000runs', seed = '1']: readonly string[]): void {
  const [, count = '', unit] = /^(\d+)(s|runs)$/.exec(limit) ?? [];
  if (!unit) throw new Error(`${limit} is no limit: 60s, or 10000000runs`);
  const share = Number(count) / Object.keys(targets).length;
  const most = unit === 's' ? Infinity : Math.ceil(share);
  let total = 0;
  for (const [name, { sound, open }] of Object.entries(targets)) {
    const random = seededRandom(Number(seed));
    const parser = open();
    const before = process.memoryUsage().heapUsed;
    const startedAtMs = performance.now();
    let cases = 0;
    let understood = 0;
    const left = (): number =>
      unit === 's' && performance.now() - startedAtMs > share * 1000 ? 0 : Math.min(casesAtOnce, most - cases);
    try {
      for (let due = left(); due > 0; due = left()) {
        for (; due > 0; due--, cases++) {
          understood += parser.push(chunkOf(sound, random));
          if (random() < restShare) understood += parser.rest?.() ?? 0;
        }
      }
    } catch (error) {
      throw new Error(`${name}, seed ${seed}, case ${cases}: a finding`, { cause: error });
    }
    const grownBytes = process.memoryUsage().heapUsed - before;
    assert.ok(grownBytes < grownMostBytes, `${name} holds ${grownBytes} bytes more than before`);
    assert.ok(understood > 0, `${name} understood nothing: the cases prove nothing`);
    total += cases;
    console.log(`${name.padEnd(12)}${cases.toLocaleString('en')} cases, ${understood.toLocaleString('en')} understood`);
  }
  console.log(`${total.toLocaleString('en')} cases, 0 findings`);
}

try {
  fuzz(process.argv.slice(2));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
