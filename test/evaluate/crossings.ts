import { writeFileSync } from 'node:fs';
import { falseMatchRate, scoreOfRate } from '../../native/false-match-rate.ts';
import { defaultFingerThreshold, listThreshold } from '../../native/finger-model.ts';
import type { AlertOrder } from '../../main/contract/watchlist.ts';
import type { Likeness } from '../../main/watchlist/fusion.ts';
import { NameIndex } from '../../main/watchlist/names/name-index.ts';
import type { RecordedCrossing } from '../../main/watchlist/recorded.ts';
import { defaultNameThreshold } from '../../main/watchlist/watchlist.ts';
import { drawCrowd } from '../sim/names/crowd.ts';
import { drawListed, strangers } from '../sim/names/questions.ts';
import { synthesize } from '../sim/names/random.ts';
import { typo } from '../sim/names/slips.ts';

const usage = 'usage: crossings FILE COUNT ALERTS';
/** Scores of the 1,120 mated pairs of FVC2002, at the middle of each twentieth. */
const mates = [
  12.5, 15, 16.6, 17.5, 18.2, 18.9, 19.5, 20, 20.5, 21, 21.4, 21.7, 22.1, 22.5, 23, 23.4, 23.8, 24.3, 25.2, 26.3,
];
/** One traveller in so many is on the list. */
const oneIn = 5;

const orders: readonly AlertOrder[] = [
  { category: 'arrest', action: 'arrest', silent: false },
  { category: 'missing', action: 'protect', silent: false },
  { category: 'refusal-of-entry', action: 'refuse-entry', silent: false },
  { category: 'discreet-check', action: 'discreet-check', silent: true },
];

/**
 * Draws crossings for dry runs of policies: generated names in the list's own search, and fingers by the rates at which strangers and
 * mates reach scores. Every fifth traveller is on the list, with up to two slips in the name and half of them with a finger.
 */
export async function evaluate([file, countText, alertsText]: readonly string[]): Promise<void> {
  const [count, alerts] = [Number(countText), Number(alertsText)];
  if (file === undefined || !(count >= 1) || !(alerts >= oneIn)) throw new Error(usage);
  const random = synthesize(31);
  const listed = drawCrowd(alerts, random);
  const index = new NameIndex(listed);
  const unlisted = strangers(count, synthesize(32));
  const fingers = Math.floor(alerts / 2);
  const orderOf = (at: number) => orders[at % orders.length] ?? orders[0]!;
  const likeness = (at: number, by: 'name' | 'finger', score: number): Likeness => ({
    alert: `A${at}`,
    order: orderOf(at),
    by,
    score,
    threshold: by === 'name' ? defaultNameThreshold : listThreshold(fingers),
    among: 1,
  });
  const crossings = Array.from({ length: count }, (_, n): RecordedCrossing => {
    const drawn = n % oneIn === 0 ? drawListed(listed, random) : undefined;
    const at = drawn?.identity;
    const asked = drawn ? { ...drawn.zone, ...typo(drawn.zone, n % 3, random) } : unlisted[n]!;
    const likenesses = index
      .search(asked, defaultNameThreshold)
      .map(({ identity, score }) => likeness(identity, 'name', score));
    // The first half of the alerts have a finger; how many strangers are alike is Poisson's, each by the tail of the rates.
    const rate = falseMatchRate(defaultFingerThreshold);
    for (let left = -Math.log(1 - random()); left < fingers * rate; left -= Math.log(1 - random()))
      likenesses.push(likeness(Math.floor(random() * fingers), 'finger', scoreOfRate(rate * (1 - random()))));
    const own = mates[Math.floor(random() * mates.length)] ?? 0;
    if (at !== undefined && at < fingers && own >= defaultFingerThreshold) likenesses.push(likeness(at, 'finger', own));
    return { alerts, about: at === undefined ? null : { alert: `A${at}`, order: orderOf(at) }, likenesses };
  });
  writeFileSync(file, crossings.map((each) => `${JSON.stringify(each)}\n`).join(''));
  console.log(`${count} crossings, a list of ${alerts} alerts, ${fingers} with a finger: ${file}`);
}
