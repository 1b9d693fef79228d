import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCbor } from '../../central/cbor.ts';
import { Pacer } from '../../central/pacer.ts';
import { type Batch, maxBatchBytes, type Pace, partBytes } from '../../main/contract/packet.ts';
import { following, freely } from '../../main/uplink/pacing.ts';
import { rest, type Wakers } from '../../main/uplink/pause.ts';
import { sealRecord } from '../../main/uplink/seal.ts';
import { keep, layField, ship } from './field.ts';
import { Line, nearCentral, VirtualClock } from './line.ts';
import { alarmRecord, statisticsRecord } from './records.ts';

/** Central's word, in whose receipts a test may put a pace. */
class PacedCentral extends Pacer {
  readonly #told: () => Pace | undefined;

  constructor(told: () => Pace | undefined) {
    super();
    this.#told = told;
  }

  override pace(): Pace | undefined {
    return this.#told();
  }
}

test('a kiosk goes as fast as central has it, shows its turn, and a hit waits a second at most', async () => {
  await using field = await layField();
  const clock = new VirtualClock();
  const slow: Pace = { maxRows: 4, maxBytes: partBytes, waitMs: 20_000, turn: 'T'.repeat(22) };
  const central = await nearCentral(field, clock, { pacer: new PacedCentral(() => slow) });
  const sent: { atMs: number; kinds: string[]; turn: string | undefined; waiting: number }[] = [];
  const hit = alarmRecord('gate-1');
  let answering = false;
  const sealed = await sealRecord(hit, field.credentials.centralKey);
  const line = new (class extends Line {
    override post(...asked: Parameters<Line['post']>): ReturnType<Line['post']> {
      const { packets, turn, waiting } = decodeCbor(asked[1], 1000) as Batch;
      const kinds = packets.map(({ packet }) => (packet as { kind: string }).kind);
      sent.push({ atMs: clock.now(), kinds, turn, waiting });
      answering = true;
      // Stored while the answer to the third request is on its way.
      if (sent.length === 3) keep(field.store, hit, sealed);
      return super.post(...asked);
    }
  })(() => central);
  for (let count = 0; count < 40; count++) await field.keep(statisticsRecord('gate-1'));
  const { uplink, until } = ship(field, { url: '', clock, transport: line });
  void until(() => (answering = false));
  await clock.runUntil(
    () => sent.length === 5,
    () => answering,
  );
  await uplink.stop();
  await central.close();
  assert.deepEqual(
    sent.slice(0, 3).map(({ kinds }) => kinds.length),
    [32, 4, 4],
  );
  assert.deepEqual([sent[0]!.turn, sent[1]!.turn, sent[0]!.waiting], [undefined, slow.turn, 8]);
  const gaps = sent.slice(1).map(({ atMs }, index) => atMs - sent[index]!.atMs);
  assert.ok(gaps[0]! >= 20_000);
  assert.equal(gaps[1], 20_000);
  assert.ok(gaps[2]! <= 1000, `${gaps[2]} ms`);
  assert.equal(sent[3]!.kinds[0], 'alarm');
});

test('what central asks for can slow a kiosk down, and not silence it', () => {
  assert.equal(following(undefined), freely);
  const { waitMs, maxRows } = following({ maxRows: 4, maxBytes: partBytes, waitMs: 600_000 });
  assert.deepEqual([waitMs, maxRows], [60_000, 4]);
});

test('while central has asked for quiet, nobody but a hit is heard', async () => {
  for (const [urgentAfterMs, heardAfterMs] of [
    [Infinity, 90_000],
    [0, 1000],
    [40_000, 40_000],
  ] as const) {
    const clock = new VirtualClock();
    const startMs = clock.now();
    const wakers: Wakers = {
      clock,
      transport: {} as Wakers['transport'],
      stopped: new AbortController().signal,
      urgent: () => clock.now() - startMs >= urgentAfterMs,
      offline: () => true,
    };
    let over = false;
    void rest({ quietMs: 90_000, jitterMs: 0, idleMs: 0 }, Promise.resolve(), wakers).then(() => (over = true));
    await clock.runUntil(
      () => over,
      () => false,
    );
    assert.ok(Math.abs(clock.now() - startMs - heardAfterMs) <= 1000, `${clock.now() - startMs} ms`);
  }
});

test('after an outage a thousand kiosks empty their queues a few at a time, all of them, and central is never run down', () => {
  let nowMs = 0;
  let seed = 7;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const pacer = new Pacer(() => nowMs, random);
  const requestMs = 100;
  const kiosks = Array.from({ length: 1000 }, (_, index) => ({
    id: `gate-${index}`,
    left: 300,
    // What the back-off has spread already.
    atMs: random() * 60_000,
    pace: undefined as Pace | undefined,
  }));
  const [most, perSecond] = [{ atFullPace: 0 }, new Map<number, number>()];
  for (let done = 0; done < kiosks.length;) {
    const next = kiosks.filter(({ left }) => left > 0).reduce((a, b) => (a.atMs <= b.atMs ? a : b));
    nowMs = Math.max(nowMs, next.atMs);
    perSecond.set(Math.floor(nowMs / 1000), (perSecond.get(Math.floor(nowMs / 1000)) ?? 0) + 1);
    next.left = Math.max(0, next.left - (next.pace?.maxRows ?? 32));
    next.pace = pacer.pace(next.id, next.left, next.pace?.turn);
    next.atMs = nowMs + requestMs + (next.pace?.waitMs ?? 0);
    if (next.left === 0) done++;
    most.atFullPace = Math.max(
      most.atFullPace,
      kiosks.filter(({ pace, left }) => left > 0 && pace?.maxBytes === maxBatchBytes).length,
    );
  }
  assert.ok(most.atFullPace <= 8, String(most.atFullPace));
  // Eight at full pace make at most eighty requests a second; the thousand others are spread.
  const busiest = Math.max(...perSecond.values());
  assert.ok(busiest < 160, `${busiest} requests in a second`);
  assert.ok(nowMs < 3_600_000, `${nowMs} ms`);
});

test('a turn that was not given is none, and one that is not used goes to another', () => {
  let nowMs = 0;
  const pacer = new Pacer(
    () => nowMs,
    () => 0.5,
  );
  const turns = Array.from({ length: 8 }, (_, index) => pacer.pace(`gate-${index}`, 9, undefined)!.turn!);
  assert.equal(new Set(turns).size, 8);
  for (const shown of [undefined, turns[0], 'X'.repeat(22)])
    assert.equal(pacer.pace('gate-9', 9, shown)!.turn, undefined);
  assert.equal(pacer.pace('gate-0', 9, turns[0])!.turn, turns[0]);
  assert.equal(pacer.pace('gate-0', 0, turns[0]), undefined);
  assert.ok(pacer.pace('gate-9', 9, undefined)!.turn);
  nowMs = 31_000;
  assert.ok(pacer.pace('gate-10', 9, undefined)!.turn);
});
