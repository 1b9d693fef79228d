import type { GateView } from '../../main/contract/guard.ts';
import { guardEn as words } from '../words/guard-en.ts';

/** Said while the local watchlist cannot be searched, before anyone comes. The traveller is shown nothing of it. */
export function Degraded({ list }: { readonly list: Exclude<GateView['list'], 'in-use'> }) {
  const say = words.degraded;
  return (
    <div className="degraded" role="status" data-list={list} lang="en" dir="ltr">
      <strong>{say.title}</strong>
      <p>{say.why[list]}</p>
    </div>
  );
}
