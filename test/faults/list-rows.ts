import { randomInt } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Publisher } from '../sim/list/publisher.ts';
import { putting, puttingTemplates, renamed, upTo } from '../uplink/list-field.ts';
import { freshFolder } from './disk.ts';
import { planted } from './planted.ts';
import { type KioskProcess, startListKiosk } from './processes.ts';
import { findingOf, type Finding, type Length, type Row } from './row.ts';

const alerts = 1000;

/** Kills a kiosk at random points of its taking up lists, by changes and whole, while more of them are published. */
async function killTakers(cycles: number, environment: Record<string, string> = {}): Promise<Finding> {
  const folder = freshFolder();
  const [kiosk, published] = [join(folder, 'kiosk'), join(folder, 'published')];
  mkdirSync(kiosk);
  const publisher = new Publisher(published);
  /** Each version there was, by what its root says. */
  const roots = new Map<string, string>([['0 0', 'none']]);
  const publish = async (number: number) => {
    const changed = upTo(40).map((each) => ({ put: renamed(((number * 40 + each) % alerts) + 1) }));
    const draft = publisher.approved(
      await publisher.draft(
        number === 0 ? puttingTemplates(...upTo(alerts)) : [...changed, ...putting(alerts + number)],
      ),
    );
    // Every third one comes whole.
    const files = Object.entries(draft.signed.targets).filter(([name]) => number % 3 > 0 || name.startsWith('whole'));
    publisher.put({ ...draft, signed: { ...draft.signed, targets: Object.fromEntries(files) } });
    for (const [, { custom }] of files) roots.set(`${custom.to} ${custom.count}`, custom.merkleRoot);
  };
  let versions = 0;
  await publish(versions++);

  let [promised, torn, gone] = [0, 0, 0];
  const taken = new Set<number>();
  const hear = (line: string) => {
    const [what, version = '', count = '', root = ''] = line.split(' ');
    if (what === 'held') {
      if (Number(version) < promised) gone++;
      if (roots.get(`${version} ${count}`) !== root) torn++;
    }
    if (what === 'taken') taken.add((promised = Number(version)));
    if (what === 'failed') throw new Error(line);
  };
  let next: KioskProcess = startListKiosk(kiosk, published, 'work', environment);
  for (let cycle = 0; cycle < cycles; cycle++) {
    const taker = next;
    if (cycle + 1 < cycles) next = startListKiosk(kiosk, published, 'work', environment);
    const over = AbortSignal.timeout(randomInt(600));
    await taker.go(hear);
    while (!over.aborted && taker.alive) await publish(versions++);
    taker.child.kill('SIGKILL');
    await taker.ended;
  }
  const look = startListKiosk(kiosk, published, 'look');
  await look.go(hear);
  await look.ended;
  rmSync(folder, { recursive: true, force: true });
  return findingOf({ cycles, published: versions, taken: taken.size, torn, gone }, ['torn', 'gone']);
}

/** Rows of lists that are taken up. */
export const lists: readonly Row[] = [
  {
    number: 13,
    fault: 'a watchlist is cut off while it is taken up',
    promise: 'there is one whole list, as it was signed, and never an older one than before',
    injection: 'SIGKILL at random points of fetching, drafting and committing, by changes and whole',
    control: 'a store that changes the list alert by alert',
    prove: (length: Length) => killTakers(length === 'short' ? 6 : Number(process.env['LIMEN_KILLS'] ?? 200)),
    disprove: () => killTakers(12, planted('changes a list alert by alert')),
  },
];
