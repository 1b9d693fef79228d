import type { Diagnostics, QueueView } from '../../main/contract/technician.ts';
import { useLanguage } from '../parts/language.ts';
import { figure } from '../words/phrase.ts';
import { ageFigure, bytesFigure, faultWords } from './figures.ts';
import { useWords } from './words.ts';

/** Pairs of a label and what it says. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, string])[] }) {
  return (
    <dl className="facts">
      {facts.map(([label, value]) => (
        <div key={label} className="fact">
          <dt>{label}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The headings of a table's columns. */
export function Heads({ of }: { readonly of: readonly string[] }) {
  return (
    <thead>
      <tr>
        {of.map((heading) => (
          <th key={heading} scope="col">
            {heading}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** The outbox and the uplink. */
export function QueuePanel({ queue }: { readonly queue: QueueView }) {
  const language = useLanguage();
  const words = useWords();
  const say = words.queue;
  return (
    <section className="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      <Facts
        facts={[
          [say.uplink, say.states[queue.uplink]],
          [say.admission, say.admissions[queue.admission]],
          [say.ready, figure(language, queue.ready)],
          [say.parked, figure(language, queue.parked)],
          [say.delivered, figure(language, queue.delivered)],
          [say.bytes, bytesFigure(queue.bytes, language)],
          [say.oldest, ageFigure(queue.oldestSeconds, language)],
          [say.lastFault, queue.lastFault ? faultWords(words.faults, queue.lastFault) : say.none],
        ]}
      />
    </section>
  );
}

/** What took how long. */
export function MeasuresPanel({ measures }: { readonly measures: Diagnostics['measures'] }) {
  const language = useLanguage();
  const say = useWords().measures;
  const ms = (value: number): string => figure(language, value, { maximumFractionDigits: 1 });
  const rows = Object.entries(measures);
  return (
    <section className="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      {rows.length === 0 ? (
        <p>{say.none}</p>
      ) : (
        <table>
          <Heads of={[say.name, say.count, say.median, say.high]} />
          <tbody>
            {rows.map(([name, measure]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="number">{figure(language, measure.count)}</td>
                <td className="number">{ms(measure.p50Ms)}</td>
                <td className="number">{ms(measure.p95Ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** What runs here. */
export function VersionsPanel({ versions }: { readonly versions: Diagnostics['versions'] }) {
  const say = useWords().versions;
  const facts = Object.entries(versions);
  return (
    <section className="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      {facts.length === 0 ? <p>{say.none}</p> : <Facts facts={facts} />}
    </section>
  );
}
