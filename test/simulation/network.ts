import { Fault } from '../../main/contract/fault.ts';
import type { Answer, Transport } from '../../main/uplink/transport.ts';
import type { SimulatedCentral } from './central.ts';
import type { Time } from './time.ts';

/** What can befall a request and its answer while faults last. */
const fates = [
  'none',
  'none',
  'none',
  'request lost',
  'request lost in silence',
  'answer lost',
  'answer lost in silence',
  'twice',
  'late twin',
  'slow',
  'answer cut',
  'answer garbled',
  'an earlier answer',
  'status 503',
  'status 422',
  'central crashes',
] as const;
type Fate = (typeof fates)[number];

/** The line between a kiosk and central. Only an answer that is whole, and that of the very request, may delete anything. */
export class Network {
  /** Faults last while this is so. */
  faulty = true;
  parted = false;
  requests = 0;
  /** What central has truly said in its answer to the request that the kiosk has an answer to now; nothing where it was tampered with. */
  said = '';
  readonly #time: Time;
  readonly #central: SimulatedCentral;
  readonly #random: () => number;
  readonly #tell: (line: string) => void;
  readonly #crashed: () => void;
  #earlier: Answer = { status: 200, body: '' };

  constructor(parts: {
    time: Time;
    central: SimulatedCentral;
    random: () => number;
    tell: (line: string) => void;
    /** Central has crashed. */
    crashed: () => void;
  }) {
    this.#time = parts.time;
    this.#central = parts.central;
    this.#random = parts.random;
    this.#tell = parts.tell;
    this.#crashed = parts.crashed;
  }

  /** A line for one life of the kiosk: dead once it is cut, and nothing comes of it any more. */
  line(): Transport & { cut(): void } {
    let alive = true;
    return {
      cut: () => void (alive = false),
      post: (path, body, signal) =>
        new Promise((resolve, reject) => {
          this.requests++;
          const end =
            <T>(with_: (value: T) => void, said: string) =>
            (value: T) => {
              if (!alive || signal.aborted) return;
              this.said = said;
              with_(value);
            };
          signal.addEventListener('abort', () => alive && reject(signal.reason as Error));
          const copy = new Uint8Array(body);
          this.#send(
            path,
            copy,
            (answer, genuine) => end(resolve, genuine ? answer.body : '')(answer),
            () => end(reject, '')(new Fault('uplink.offline')),
          );
        }),
      reaches: () => Promise.resolve(this.#central.up && !this.parted),
      close: () => Promise.resolve(),
    };
  }

  #send(
    path: string,
    body: Uint8Array,
    answered: (answer: Answer, genuine: boolean) => void,
    failed: () => void,
  ): void {
    const fate: Fate = this.faulty ? fates[Math.floor(this.#random() * fates.length)]! : 'none';
    const delay = (mostMs = 200) => 1 + Math.floor(this.#random() * mostMs);
    this.#tell(`request ${this.requests}: ${this.parted ? 'no way' : fate}`);
    if (this.parted) return void this.#time.after(delay(), failed);
    if (fate === 'request lost') return void this.#time.after(delay(), failed);
    if (fate === 'request lost in silence') return;
    if (fate === 'status 503')
      return void this.#time.after(delay(), () => answered({ status: 503, retryAfter: '2', body: '' }, true));
    if (fate === 'status 422') return void this.#time.after(delay(), () => answered({ status: 422, body: '' }, true));
    // A twin may come long after its request was given up, and behind later ones.
    const twins = fate === 'twice' ? [delay()] : fate === 'late twin' ? [delay(120_000)] : [];
    for (const twin of twins) this.#time.after(twin, () => this.#deliver(path, body, false));
    this.#time.after(fate === 'slow' ? delay(60_000) : delay(), async () => {
      const answer = await this.#deliver(path, body, fate === 'central crashes');
      if (!answer || this.parted) return failed();
      const earlier = this.#earlier;
      this.#earlier = answer;
      if (fate === 'answer lost in silence') return;
      this.#time.after(delay(), () => {
        if (fate === 'answer lost' || fate === 'answer cut') return failed();
        if (fate === 'an earlier answer') return answered(earlier, false);
        if (fate === 'answer garbled')
          return answered({ ...answer, body: `${answer.body.slice(0, -9)}AAAAAAAAA` }, false);
        answered(answer, true);
      });
    });
  }

  async #deliver(path: string, body: Uint8Array, crashes: boolean): Promise<Answer | undefined> {
    if (!this.#central.up) return undefined;
    const answer = await this.#central.take(path, body);
    if (!crashes) {
      this.#central.rest();
      return answer;
    }
    this.#central.crash(this.#random);
    this.#crashed();
    return undefined;
  }
}
