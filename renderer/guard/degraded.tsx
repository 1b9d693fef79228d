import type { GateView } from '../../main/contract/guard.ts';
import { useWords } from './words.ts';

/** Said while the local watchlist cannot be searched, before anyone comes. The traveller is shown nothing of it. */
export function Degraded({ list }: { readonly list: Exclude<GateView['list'], 'in-use'> }) {
  const say = useWords().degraded;
  return (
    <output className="degraded" data-list={list}>
      <strong>{say.title}</strong>
      <span>{say.why[list]}</span>
    </output>
  );
}
