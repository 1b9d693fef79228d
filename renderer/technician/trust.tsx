import type { TrustView } from '../../main/contract/technician.ts';
import { useLanguage } from '../parts/language.ts';
import { useNow } from '../parts/told.ts';
import { fill, figure } from '../words/phrase.ts';
import { ageFigure, dayFigure, faultWords } from './figures.ts';
import { Facts } from './panels.tsx';
import { useWords } from './words.ts';

/** What the kiosk's secrets are worth, how long certificates and keys last, and what is to be seen to. */
export function TrustPanel({ trust }: { readonly trust: TrustView }) {
  const language = useLanguage();
  const words = useWords();
  const say = words.trust;
  const nowMs = useNow(60_000);
  const ago = (ms: number) => ageFigure((nowMs - ms) / 1000, language);
  const term = (untilMs: number) =>
    untilMs > nowMs
      ? fill(say.until, { day: dayFigure(untilMs), age: ageFigure((untilMs - nowMs) / 1000, language) })
      : fill(say.ended, { day: dayFigure(untilMs) });
  return (
    <section className="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      {(trust.fault || trust.warnings.length > 0) && (
        <ul className="warnings">
          {trust.fault && <li className="warning">{faultWords(words.faults, trust.fault)}</li>}
          {trust.warnings.map((warning) => (
            <li key={warning} className="warning">
              {say.warnings[warning]}
            </li>
          ))}
        </ul>
      )}
      <Facts
        facts={[
          [say.storeKey, say.storeKeys[trust.storeKey]],
          [say.rollback, say.rollbacks[trust.rollback]],
          [say.certificate, term(trust.certificateUntilMs)],
          [
            say.keys,
            fill(say.keysIssued, { number: figure(language, trust.keysNumber), age: ago(trust.keysIssuedAtMs) }),
          ],
          [say.heard, trust.keysHeardAtMs ? fill(say.heardAgo, { age: ago(trust.keysHeardAtMs) }) : say.notHeard],
          [say.sealing, trust.sealingUntilMs ? term(trust.sealingUntilMs) : say.noKey],
        ]}
      />
    </section>
  );
}
