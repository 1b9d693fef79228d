import type { Reason } from '../../main/contract/crossing.ts';
import { AlertIcon } from '../parts/icons.tsx';
import { useLanguage } from '../parts/language.ts';
import { factsOf } from './figures.ts';
import { useWords } from './words.ts';

/** Why the machine referred the traveller: in words, with its figures, and what that asks of the guard. */
export function Reasons({ reasons }: { readonly reasons: readonly Reason[] }) {
  const language = useLanguage();
  const words = useWords();
  return (
    <section className="panel reasons">
      <h3>{words.reasonsTitle}</h3>
      {reasons.length === 0 && <p>{words.noReasons}</p>}
      <ul>
        {reasons.map((reason, index) => (
          // The same reason may be given twice, of two alerts.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className="reason" data-reason={reason.code}>
            <AlertIcon />
            <div>
              <p className="reason-title">{words.reasons[reason.code].title}</p>
              <p>{words.reasons[reason.code].advice}</p>
              <dl className="figures">
                {factsOf(reason, words, language).map(({ label, value }) => (
                  <div key={label}>
                    <dt>{label}</dt>
                    <dd>
                      <bdi>{value}</bdi>
                    </dd>
                  </div>
                ))}
              </dl>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
