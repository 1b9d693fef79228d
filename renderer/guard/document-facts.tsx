import type { TravelDocument } from '../../main/contract/document.ts';
import { useLanguage } from '../parts/language.ts';
import { spokenDate } from './figures.ts';
import { useWords } from './words.ts';

/** What the machine readable zone says besides the name, which is the heading of the case. */
export function DocumentFacts({ document, expired }: { document: TravelDocument | undefined; expired: boolean }) {
  const language = useLanguage();
  const say = useWords().document;
  if (!document) {
    return (
      <section className="panel">
        <h3>{say.title}</h3>
        <p>{say.none}</p>
      </section>
    );
  }
  const facts: readonly (readonly [string, string])[] = [
    [say.number, document.number],
    [say.nationality, document.nationality],
    [say.birthDate, spokenDate(document.birthDate, language, say.unknown)],
    [say.sex, say.sexes[document.sex]],
    [say.expiryDate, spokenDate(document.expiryDate, language, say.unknown)],
    [say.type, `${document.code} (${document.format})`],
    [say.issuingState, document.issuingState],
  ];
  return (
    <section className="panel document">
      <h3>{say.title}</h3>
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label} className="fact">
            <dt>{label}</dt>
            <dd>
              <bdi>{value || say.unknown}</bdi>
              {label === say.expiryDate && expired && <strong className="mark-bad"> {say.expired}</strong>}
            </dd>
          </div>
        ))}
      </dl>
      <h4>{say.lines}</h4>
      <p className="zone" dir="ltr">
        {document.lines.map((line, index) => (
          // Two lines of a zone can be alike; their place is what tells them apart.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={index}>{line}</span>
        ))}
      </p>
    </section>
  );
}
