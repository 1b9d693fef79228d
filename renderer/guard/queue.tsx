import { ListBox, ListBoxItem } from 'react-aria-components';
import type { Case } from '../../main/contract/guard.ts';
import { useLanguage } from '../parts/language.ts';
import { useNow } from '../parts/told.ts';
import { counted } from '../words/phrase.ts';
import type { GuardWords } from '../words/guard.ts';
import { waitedFor } from './figures.ts';
import { useWords } from './words.ts';

interface QueueProps {
  readonly cases: readonly Case[];
  readonly chosen: string | undefined;
  /** The cases the guard has looked at. */
  readonly seen: ReadonlySet<string>;
  readonly choose: (crossingId: string) => void;
}

/** Who a case is about, as far as is known. */
export function nameOf(each: Case, words: GuardWords): string {
  const { surname, givenNames } = each.document ?? { surname: '', givenNames: '' };
  return [surname, givenNames].filter(Boolean).join(', ') || words.unnamed;
}

/** The referred travellers, the newest first. */
export function Queue({ cases, chosen, seen, choose }: QueueProps) {
  const language = useLanguage();
  const words = useWords();
  const nowMs = useNow(5000);
  return (
    <nav className="queue" aria-label={words.queue}>
      <h2>{words.queue}</h2>
      <output className="queue-count">{counted(language, words.waiting, 'count', cases.length)}</output>
      <ListBox
        aria-label={words.queue}
        className="queue-list"
        items={cases.map((each) => ({ id: each.crossingId, each }))}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={chosen ? [chosen] : []}
        onSelectionChange={(keys) => {
          if (keys !== 'all') for (const key of keys) choose(String(key));
        }}
        dependencies={[nowMs, seen, language]}
      >
        {({ each }) => (
          <ListBoxItem className="queue-item" textValue={nameOf(each, words)}>
            <span className="queue-name">
              <bdi>{nameOf(each, words)}</bdi>
            </span>
            {!seen.has(each.crossingId) && <span className="fresh">{words.fresh}</span>}
            <span className="queue-reason">{each.reasons.map(({ code }) => words.reasons[code].title)[0]}</span>
            <span className="queue-time">
              {words.ago} {waitedFor((nowMs - Date.parse(each.referredAt)) / 1000, language)}
            </span>
          </ListBoxItem>
        )}
      </ListBox>
    </nav>
  );
}
