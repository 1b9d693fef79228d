import type { GateView } from '../../main/contract/guard.ts';
import { useWords } from './words.ts';

/** Said while the local watchlist cannot be searched, before anyone comes. The traveller is shown nothing of it. */
export function Degraded({ list }: { readonly list: Exclude<GateView['list'], 'in-use'> }) {
  const say = useWords().degraded;
  return (
    <div className="degraded" role="status" data-list={list}>
      <strong>{say.title}</strong>
      <p>{say.why[list]}</p>
    </div>
  );
}
