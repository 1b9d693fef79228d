import type { Findings } from '../../main/contract/findings.ts';
import { isSilent, type SearchHit } from '../../main/contract/search.ts';
import { useLanguage } from '../parts/language.ts';
import { hitFacts } from './hit-facts.ts';
import { stateOf } from './states.ts';
import { useSystemsWords } from './words.ts';

/** One thing that a source knows. What must not be noticed is marked in words, not in a colour that is seen from afar. */
export function Hit({ hit }: { readonly hit: SearchHit }) {
  const language = useLanguage();
  const words = useSystemsWords();
  return (
    <div className="hit" data-action={hit.action}>
      <p className="hit-action">
        {words.actions[hit.action]}
        {isSilent(hit) && <span className="hit-silent">{words.silent}</span>}
      </p>
      <dl className="hit-facts">
        {hitFacts(hit, language).map(({ label, value, weight }) => (
          <div key={label} className={`hit-fact hit-fact-${weight}`}>
            <dt>{label}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

interface CentralSystemsProps {
  readonly findings: Findings;
  readonly title?: string;
}

/** What the central systems say of a traveller, a row for each, always in the same place: it fills in as answers come. */
export function CentralSystems({ findings, title }: CentralSystemsProps) {
  const language = useLanguage();
  const words = useSystemsWords();
  const rung = words.rungs[findings.rung];
  // By itself it is a part of the page, in a case a part of that.
  const Heading = title === undefined ? 'h3' : 'h2';
  return (
    <section className="panel systems" aria-label={title ?? words.title}>
      <Heading>{title ?? words.title}</Heading>
      <p className={`rung rung-${findings.rung}`}>
        <strong>{rung.title}</strong> {rung.text}
      </p>
      <ul>
        {findings.sources.map((each) => (
          <li
            key={each.source}
            className={`source source-${each.state}`}
            data-source={each.source}
            data-state={each.state}
          >
            <p className="source-name">{words.sources[each.source]}</p>
            <p className="source-state">{stateOf(each, words, language)}</p>
            {each.hits.map((hit) => (
              <Hit key={JSON.stringify(hit)} hit={hit} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
