import type { ListView } from '../../main/contract/list-view.ts';
import { useLanguage } from '../parts/language.ts';
import { figure, localeOf } from '../words/phrase.ts';
import { Facts, Heads } from './panels.tsx';
import { useWords } from './words.ts';

/** Every copy of the local watchlist: where it is, which, and until when. Of what is in it, nothing. */
export function CopiesPanel({ list }: { readonly list: ListView }) {
  const say = useWords().list;
  const locale = localeOf(useLanguage());
  const count = (value: number | undefined) => (value === undefined ? say.unknown : figure(locale, value));
  const time = (at: string | undefined) =>
    at === undefined ? say.unknown : `${at.slice(0, 16).replace('T', ' ')} UTC`;
  return (
    <section className="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      <Facts
        facts={[
          [say.standing, say.standings[list.standing]],
          [say.least, figure(locale, list.least)],
        ]}
      />
      {list.copies.length === 0 ? (
        <p>{say.none}</p>
      ) : (
        <table>
          <Heads of={[say.place, say.where, say.version, say.alerts, say.madeAt, say.expiresAt]} />
          <tbody>
            {list.copies.map((copy) => (
              <tr key={`${copy.place} ${copy.where}`}>
                <th scope="row">{say.places[copy.place]}</th>
                <td className="packet-id">{copy.where}</td>
                <td className="number">{count(copy.version)}</td>
                <td className="number">{count(copy.alerts)}</td>
                <td className="number">{time(copy.madeAt)}</td>
                <td className="number">{time(copy.expiresAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
