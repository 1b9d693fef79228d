import { Button } from 'react-aria-components';
import type { Notice } from '../../main/contract/guard.ts';
import { useLanguage } from '../parts/language.ts';
import { Hit } from './central-systems.tsx';
import { clockTime } from './hit-facts.ts';
import { useSystemsWords } from './words.ts';

interface NoticesProps {
  readonly notices: readonly Notice[];
  readonly dismiss: (id: string) => void;
}

/** What is for the guard alone. It makes no sound and is no live region: a voice would tell the person it is about. */
export function Notices({ notices, dismiss }: NoticesProps) {
  const language = useLanguage();
  const words = useSystemsWords();
  if (notices.length === 0) return null;
  return (
    <aside className="notices" aria-label={words.notices.title}>
      <h2>{words.notices.title}</h2>
      <ul>
        {notices.map(({ id, at, kind, name, hit }) => (
          <li key={id} className="silent-notice" data-notice={kind}>
            <p className="silent-name">
              <bdi>{name}</bdi> <time dateTime={at}>{clockTime(at, language)}</time>
            </p>
            <p>{words.notices.kinds[kind]}</p>
            <Hit hit={hit} />
            <Button className="button button-small" onPress={() => dismiss(id)}>
              {words.notices.seen}
            </Button>
          </li>
        ))}
      </ul>
    </aside>
  );
}
