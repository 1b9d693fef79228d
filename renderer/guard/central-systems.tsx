import type { Findings } from '../../main/contract/findings.ts';
import type { ListedHit } from '../../main/contract/guard.ts';
import { isSilent, type SearchHit } from '../../main/contract/search.ts';
import type { Language } from '../../main/contract/traveller.ts';
import { systemsWords } from '../words/systems-languages.ts';
import { hitFacts } from './hit-facts.ts';
import { stateOf } from './states.ts';

/** One thing that a source knows. What must not be noticed is marked in words, not in a colour that is seen from afar. */
export function Hit({ hit, language }: { readonly hit: SearchHit | ListedHit; readonly language: Language }) {
  const words = systemsWords[language];
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
  readonly language: Language;
  readonly title?: string;
}

/** What the central systems say of a traveller, a row for each, always in the same place: it fills in as answers come. */
export function CentralSystems({ findings, language, title }: CentralSystemsProps) {
  const words = systemsWords[language];
  const rung = words.rungs[findings.rung];
  // By itself it is a part of the page, in a case a part of that.
  const Heading = title === undefined ? 'h3' : 'h2';
  return (
    <section className="panel systems" lang={language} dir={words.dir} aria-label={title ?? words.title}>
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
              <Hit key={JSON.stringify(hit)} hit={hit} language={language} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
