import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Http2Bindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { CompactSign } from 'jose';
import type { Answer } from '../../../central/central.ts';
import { uuidv7 } from '../../uplink/records.ts';
import { stream } from '../finger/random.ts';
import type { Faults, Figures } from './faults.ts';

/** Does to central's answers what the faults of the moment say. */
export class Mischief {
  readonly figures: { -readonly [K in keyof Figures]: number } = { requests: 0, hit: 0 };
  readonly #receiptKey: KeyObject;
  #faults: Faults;
  #random: () => number;
  #left: number;
  #earlier = '';

  constructor(faults: Faults, receiptKey: KeyObject) {
    this.#receiptKey = receiptKey;
    this.#faults = faults;
    this.#random = stream(faults.seed);
    this.#left = faults.times ?? Infinity;
  }

  /** Changes what is done from the next request on; the draw starts anew. */
  set(faults: Faults): void {
    this.#faults = faults;
    this.#random = stream(faults.seed);
    this.#left = faults.times ?? Infinity;
  }

  /** Stands before an answer of central. */
  readonly around =
    (answer: Answer): Answer =>
    async (request, bindings) => {
      this.figures.requests++;
      const { latencyMs, share, status, retryAfterSeconds, ...faults } = this.#faults;
      const hit = this.#left > 0 && this.#random() < share;
      if (hit && (status !== 0 || faults.answer !== 'whole' || faults.receipt !== 'true')) {
        this.#left--;
        this.figures.hit++;
      }
      if (latencyMs > 0) await setTimeout(latencyMs, undefined, { ref: false });
      if (!hit) return this.#remember(await answer(request, bindings));
      if (status !== 0) return refusal(status, retryAfterSeconds);
      if (faults.answer === 'twice') {
        const again = request.clone();
        await (await answer(request, bindings)).text();
        return answer(again, bindings);
      }
      const given = await this.#receipt(await answer(request, bindings), faults.receipt);
      switch (faults.answer) {
        case 'whole':
          return given;
        case 'lost':
          return cutOff(bindings);
        case 'cut':
          return cutInTheMiddle(given, bindings);
        case 'silent':
          return RESPONSE_ALREADY_SENT;
        case 'dies':
          process.kill(process.pid, 'SIGKILL');
          return new Promise(() => {});
      }
    };

  /** Keeps the last receipt, to give it again where another is due. */
  async #remember(response: Response): Promise<Response> {
    if (response.headers.get('content-type') === 'application/jose') this.#earlier = await response.clone().text();
    return response;
  }

  async #receipt(response: Response, kind: Faults['receipt']): Promise<Response> {
    if (kind === 'true' || response.headers.get('content-type') !== 'application/jose') return response;
    const jws = await response.text();
    const given = kind === 'replayed' && this.#earlier ? this.#earlier : await wrong(jws, kind, this.#receiptKey);
    this.#earlier = jws;
    return new Response(given, { status: response.status, headers: { 'content-type': 'application/jose' } });
  }
}

/** A receipt that must not be believed. */
async function wrong(jws: string, kind: Faults['receipt'], key: KeyObject): Promise<string> {
  const [head = '', payload = '', signature = ''] = jws.split('.');
  const receipt = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { stored: object[] };
  const sign = (content: object, by: KeyObject) =>
    new CompactSign(Buffer.from(JSON.stringify(content)))
      .setProtectedHeader(JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg: string })
      .sign(by);
  switch (kind) {
    case 'forged':
      return sign(receipt, generateKeyPairSync('ed25519').privateKey);
    case 'misaddressed':
      return sign({ ...receipt, kioskId: 'gate-of-another' }, key);
    case 'altered': {
      const altered = Buffer.from(JSON.stringify({ ...receipt, nonce: 'N'.repeat(22) }));
      return [head, altered.toString('base64url'), signature].join('.');
    }
    case 'inflated':
      return sign({ ...receipt, stored: [...receipt.stored, { id: uuidv7(), sha256: '0'.repeat(64) }] }, key);
    case 'replayed':
      // There is no earlier one yet.
      return sign({ ...receipt, nonce: 'N'.repeat(22) }, key);
    case 'true':
      return jws;
  }
}

function refusal(status: number, retryAfterSeconds: number | undefined): Response {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return new Response(null, { status, headers });
}

function cutOff({ incoming }: Http2Bindings): Response {
  incoming.stream.session?.destroy();
  return RESPONSE_ALREADY_SENT;
}

/** Says how long the body is, gives half of it, and breaks the connection. */
async function cutInTheMiddle(response: Response, { incoming, outgoing }: Http2Bindings): Promise<Response> {
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': String(body.length),
  });
  await new Promise<void>((resolve) => outgoing.write(body.subarray(0, body.length >> 1), () => resolve()));
  incoming.stream.session?.destroy();
  return RESPONSE_ALREADY_SENT;
}
