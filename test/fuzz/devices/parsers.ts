import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { crc16 } from '../../../main/devices/crc16.ts';
import { encodeFrame, FrameReader, maxPayloadBytes, mrzLines } from '../../../main/devices/document-frames.ts';
import {
  decodeCapabilities,
  decodeCondition,
  encodeSettings,
  selfTestDetail,
  settingsTaken,
} from '../../../main/devices/finger-imager-features.ts';
import {
  decodeFragment,
  decodeIdentity,
  decodeImageHeader,
  decodeMessage,
  seal,
} from '../../../main/devices/finger-imager-protocol.ts';
import { decodeGateLine, encodeGateLine, GateLineReader } from '../../../main/devices/gate-lines.ts';
import { decodePiece, encodePieces, readerReportId } from '../../../main/devices/hid-frames.ts';
import {
  crc16Modbus,
  encodeModbus,
  exceptionOf,
  inputsOf,
  ModbusResponseReader,
} from '../../../main/devices/modbus-frames.ts';
import { mostBulkFragmentBytes } from '../../../main/devices/usb-report-port.ts';
import { TextFrameReader } from '../../../main/devices/text-frames.ts';
import { readTranscript, type Step } from '../../devices/transcript.ts';

/** A parser of bytes that a device sent: it may refuse them with a Fault; anything else that it throws is a finding. */
export interface Parser {
  /** Sound examples, from which cases are made. */
  readonly seeds: readonly Uint8Array[];
  /** Makes changed bytes pass the check sums that would hide what lies behind them. */
  readonly mend?: (bytes: Uint8Array) => Uint8Array;
  /** Reads the bytes, and asserts of what comes out what its users rely on. */
  readonly read: (bytes: Uint8Array) => void;
}

const steps = [...readTranscript('hid-finger-imager.md'), ...readTranscript('hid-finger-imager.md', 'transcript-1.1')];
const said = (wanted: (step: Step) => boolean): Uint8Array[] => steps.filter(wanted).map(({ bytes }) => bytes);
const features = said(({ kind }) => kind === 'get' || kind === 'set');
const capabilities = features.filter(([id]) => id === 2);
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

const sealed = (bytes: Uint8Array): Uint8Array => (bytes.length < 2 ? bytes : seal(bytes));
const bounds = decodeCapabilities(capabilities.at(-1)!, 1);
const within = (value: number, least: number, most: number): void => assert.ok(value >= least && value <= most);

const zone = 'I<UTOD231458907<<<<<<<<<<<<<<<\r7408122F1204159UTO<<<<<<<<<<<6\rERIKSSON<<ANNA<MARIA<<<<<<<<<<\r';
const frames = ['A', 'P', 'M', 'F', 'D'].map((kind, at) => encodeFrame(kind, at, ascii(zone.slice(0, at * 20))));
const gateLines = [
  encodeGateLine({ mark: '$', sequence: 7, fields: ['OPEN', 'OK'] }),
  encodeGateLine({ mark: '!', sequence: 255, fields: ['STATE', 'OPEN', 'GREEN', '--', '0005'] }),
];
const modbus = (framing: 'rtu' | 'tcp') =>
  [Uint8Array.of(2, 1, 0x2d), Uint8Array.of(5, 0, 1, 0xff, 0), Uint8Array.of(0x82, 2)].map((pdu, at) =>
    encodeModbus(framing, { transaction: at, unit: 1, pdu }),
  );

// These live as long as the run does: whatever they kept of the streams would show in the memory.
const frameReader = new FrameReader();
const lineReader = new GateLineReader();
const textReaders = [{}, { lrc: true }, { lrc: false, prefix: 'A', suffix: '>' }].map((o) => new TextFrameReader(o));
const serial = new ModbusResponseReader('rtu');

/** Every parser that reads what a device sent, by name. */
export const parsers: Readonly<Record<string, Parser>> = {
  'imager identity': {
    seeds: features.filter(([id]) => id === 1),
    mend: sealed,
    read: (bytes) => {
      const { model, serial, firmware } = decodeIdentity(bytes);
      assert.match(model + serial + firmware, /^[ -~]{0,54}$/);
    },
  },
  'imager capabilities': {
    seeds: capabilities,
    mend: sealed,
    read: (bytes) => {
      for (const minor of [0, 1]) {
        const can = decodeCapabilities(bytes, minor);
        within(can.maxWidthPx * can.maxHeightPx, 256, 2_048 ** 2);
        within(can.fragmentReportBytes, 64, 1_024);
        if (can.preview) within(can.preview.maxWidthPx * can.preview.maxHeightPx, 256, 65_536);
      }
    },
  },
  'slap imager capabilities': {
    seeds: [
      ...capabilities,
      ...readTranscript('usb-slap-imager.md').flatMap(({ bytes }) => (bytes[0] === 2 ? [bytes] : [])),
    ],
    mend: sealed,
    read: (bytes) => {
      const can = decodeCapabilities(bytes, 2, mostBulkFragmentBytes);
      within(can.maxWidthPx * can.maxHeightPx, 256, 2_048 ** 2);
      within(can.fragmentReportBytes, 64, mostBulkFragmentBytes);
    },
  },
  'imager condition and settings': {
    seeds: features.filter(([id]) => id === 3 || id === 4),
    mend: sealed,
    read: (bytes) => {
      if (bytes[0] === 3) settingsTaken(bytes, encodeSettings({ gainPercent: 1, sleepAfterSeconds: 2 }, 1), 1);
      assert.match(decodeCondition(bytes, 1).calibratedOn, /^(|\d{4}-\d{2}-\d{2})$/);
    },
  },
  'imager message': {
    seeds: said(({ kind, bytes }) => kind === '<=' && bytes[0] === 0x20),
    mend: sealed,
    read: (bytes) => {
      const message = decodeMessage(bytes);
      if (!message) return;
      within(message.payload.byteLength, 0, 56);
      if (message.payload.byteLength >= 2) selfTestDetail(message.payload.getUint16(0, true));
      const at = message.kind >= 0x80 ? 4 : 0;
      for (const most of [bounds, bounds.preview!]) {
        const header = decodeImageHeader(message.payload, at, most);
        within(header.widthPx * header.heightPx, 256, most.maxWidthPx * most.maxHeightPx);
        within(header.fragments, 1, 65_535);
      }
    },
  },
  'imager fragment': {
    seeds: said(({ kind, bytes }) => kind === '<=' && bytes[0] === 0x21),
    mend: sealed,
    read: (bytes) => {
      for (const size of [64, 1_024]) within(decodeFragment(bytes, size)?.payload.length ?? 0, 0, size - 10);
    },
  },
  'document frames': {
    seeds: frames,
    mend: (bytes) => {
      if (bytes.length < 12) return bytes;
      const fields = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const length = Math.min(bytes[3]! | (bytes[4]! << 8), bytes.length - 12);
      bytes.set([length & 0xff, length >> 8, 0], 3);
      fields.setUint16(6, crc16(bytes.subarray(0, 6)), true);
      fields.setUint32(8 + length, crc32(bytes.subarray(8, 8 + length)), true);
      return bytes;
    },
    read: (bytes) => {
      for (const frame of frameReader.push(bytes))
        if (frame.type === 'binary') within(frame.payload.length, 0, maxPayloadBytes);
    },
  },
  'document text': {
    seeds: [ascii(zone), ascii(`\u0002${zone}\u0003@`), ascii(`A${zone.replaceAll('\r', '\r\n')}>`)],
    read: (bytes) => {
      for (const reader of textReaders) {
        for (const news of reader.push(bytes)) if (news.type === 'lines') within(news.lines.join('').length, 0, 90);
        if (bytes.length % 7 === 0) reader.rest();
        within(reader.describe().length, 1, 200);
      }
      mrzLines(Buffer.from(bytes).toString('latin1'));
    },
  },
  'document pieces': {
    seeds: frames.flatMap((frame) => encodePieces(readerReportId.toHost, frame, 3, 64)),
    mend: (bytes) => {
      const end = 5 + (bytes[3] ?? 0) + ((bytes[4] ?? 0) << 8);
      if (end + 2 > bytes.length) return bytes;
      new DataView(bytes.buffer, bytes.byteOffset).setUint16(end, crc16(bytes.subarray(0, end)), true);
      return bytes;
    },
    read: (bytes) => within(decodePiece(readerReportId.toHost, bytes)?.payload.length ?? 0, 0, bytes.length),
  },
  'gate lines': {
    seeds: gateLines,
    mend: (bytes) => {
      const [body = ''] = Buffer.from(bytes).toString('latin1').split('*');
      return ascii(`${body}*${crc16(ascii(body)).toString(16).toUpperCase().padStart(4, '0')}\r\n`);
    },
    read: (bytes) => {
      for (const line of lineReader.push(bytes)) within(line.fields.join().length, 0, 160);
      decodeGateLine(Buffer.from(bytes).toString('latin1').trimEnd());
    },
  },
  'Modbus over serial': {
    seeds: modbus('rtu'),
    mend: (bytes) => {
      if (bytes.length < 4) return bytes;
      new DataView(bytes.buffer, bytes.byteOffset, bytes.length).setUint16(
        bytes.length - 2,
        crc16Modbus(bytes.subarray(0, -2)),
        true,
      );
      return bytes;
    },
    read: (bytes) => {
      serial.expect(1, bytes.length % 2 === 0 ? 2 : 5);
      for (const { pdu } of serial.push(bytes)) within(inputsOf(pdu, 8)?.length ?? exceptionOf(pdu) ?? 8, 0, 255);
    },
  },
  'Modbus over TCP': {
    seeds: modbus('tcp'),
    mend: (bytes) => {
      if (bytes.length < 8) return bytes;
      bytes.set([0, 0, 0, Math.min(bytes.length - 6, 254)], 2);
      return bytes;
    },
    read: (bytes) => {
      // A stream whose header is none is given up: the next connection has a reader of its own.
      const reader = new ModbusResponseReader('tcp');
      for (const { pdu } of reader.push(bytes)) within(inputsOf(pdu, 8)?.length ?? 8, 0, 255);
    },
  },
};
