import type { GateView, SearchStatus } from '../../main/contract/guard.ts';
import { useLanguage } from '../parts/language.ts';
import { figure } from '../words/phrase.ts';
import { useSystemsWords, useWords } from './words.ts';

interface GateBarProps {
  readonly gate: GateView | undefined;
  readonly search: SearchStatus | undefined;
}

/** How the gate stands, always in sight. */
export function GateBar({ gate, search }: GateBarProps) {
  const language = useLanguage();
  const say = useWords().gate;
  const systems = useSystemsWords();
  const rung = search && (search.configured || search.rung === 'manual' ? systems.rungs[search.rung] : systems.off);
  const cells: readonly (readonly [string, string, string])[] = gate
    ? [
        [say.doorLabel, say.door[gate.door], gate.door],
        [say.stageLabel, say.stages[gate.stage] ?? gate.stage, 'plain'],
        [say.uplinkLabel, say.uplink[gate.uplink], gate.uplink],
        [say.queuedLabel, figure(language, gate.queued), 'plain'],
        [say.listLabel, say.list[gate.list], gate.list === 'in-use' ? 'plain' : 'shut'],
      ]
    : [];
  return (
    <dl className="gate-bar" aria-label={say.title}>
      {cells.map(([label, value, state]) => (
        <div key={label} className={`cell cell-${state}`}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {gate && search && rung && (
        <div className={`cell cell-${search.rung}`} data-rung={search.rung}>
          <dt>{systems.ladder}</dt>
          <dd title={rung.text}>{rung.title}</dd>
        </div>
      )}
    </dl>
  );
}
