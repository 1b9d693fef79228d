import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Fault } from '../../main/contract/fault.ts';
import type { ByteInfo, BytePort } from '../../main/devices/byte-port.ts';
import { Closing } from '../../main/devices/closing.ts';
import type { HidInfo, HidPort } from '../../main/devices/hid-port.ts';

/** One line of a transcript: host to device (`=>`), device to host (`<=`), or a feature report (`get`, `set`). */
export interface Step {
  readonly kind: '=>' | '<=' | 'get' | 'set';
  readonly bytes: Uint8Array;
  readonly line: string;
}

/** The steps of the `transcript` block of a page in docs/. Bytes are hexadecimal, or text in double quotes. */
export function readTranscript(page: string, block = 'transcript'): Step[] {
  return readBlock(page, block)
    .filter((line) => /^(=>|<=|get|set) /.test(line))
    .map((line) => {
      const [kind = '', ...rest] = line.split(' ');
      const body = rest.join(' ');
      const bytes = body.startsWith('"')
        ? Buffer.from(`${body.slice(1, -1)}\r\n`, 'latin1')
        : Buffer.from(body.replaceAll(' ', ''), 'hex');
      return { kind: kind as Step['kind'], bytes: new Uint8Array(bytes), line };
    });
}

/** The text of a page in docs/. */
export const readPage = (page: string): string => readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');

/** The lines of a fenced block of a page in docs/. */
export function readBlock(page: string, name: string): string[] {
  const block = new RegExp('```' + name + '\\n([^`]*)```').exec(readPage(page))?.[1];
  assert.ok(block, `docs/${page} has a block called ${name}`);
  return block.trim().split('\n');
}

/** Plays the device's part of a transcript, and fails on anything that the transcript does not have next. */
export class TranscriptPort implements HidPort, BytePort {
  readonly info: HidInfo & ByteInfo = {
    path: 'transcript',
    vendorId: 0,
    productId: 0,
    serial: '',
    product: '',
    usagePage: 0,
    usage: 0,
  };
  readonly #steps: Step[];
  readonly #closing = new Closing();
  readonly #hearers = new Set<(bytes: Uint8Array) => void>();

  constructor(steps: readonly Step[]) {
    this.#steps = [...steps];
  }

  /** Steps that were not played. */
  get left(): string[] {
    return this.#steps.map(({ line }) => line);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#expect('=>', bytes);
    queueMicrotask(() => this.#speak());
  }

  async getFeature(id: number): Promise<Uint8Array> {
    const step = this.#steps.shift();
    assert.equal(step?.kind, 'get', `asked for feature ${id}, not: ${step?.line}`);
    assert.equal(step.bytes[0], id);
    return step.bytes;
  }

  async setFeature(report: Uint8Array): Promise<void> {
    this.#expect('set', report);
  }

  onReport(hear: (report: Uint8Array) => void): () => void {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }

  onBytes(hear: (chunk: Uint8Array) => void): () => void {
    return this.onReport(hear);
  }

  onClosed(hear: (why: Fault) => void): () => void {
    return this.#closing.onClosed(hear);
  }

  async close(): Promise<void> {
    this.#closing.close(new Fault('device.absent', 'closed'));
  }

  #expect(kind: Step['kind'], bytes: Uint8Array): void {
    const step = this.#steps.shift();
    assert.equal(
      `${kind} ${Buffer.from(bytes).toString('hex')}`,
      `${step?.kind} ${Buffer.from(step?.bytes ?? []).toString('hex')}`,
    );
  }

  #speak(): void {
    while (this.#steps[0]?.kind === '<=') {
      const { bytes } = this.#steps.shift()!;
      for (const hear of this.#hearers) hear(bytes);
    }
  }
}
