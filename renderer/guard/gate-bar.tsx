import type { GateView, SearchStatus } from '../../main/contract/guard.ts';
import type { Language } from '../../main/contract/traveller.ts';
import { guardEn as words } from '../words/guard-en.ts';
import { systemsWords } from '../words/systems-languages.ts';

interface GateBarProps {
  readonly gate: GateView | undefined;
  readonly search: SearchStatus | undefined;
  readonly language: Language;
}

/** How the gate stands, always in sight. */
export function GateBar({ gate, search, language }: GateBarProps) {
  const say = words.gate;
  const systems = systemsWords[language];
  const rung = search && (search.configured || search.rung === 'manual' ? systems.rungs[search.rung] : systems.off);
  const cells: readonly (readonly [string, string, string])[] = gate
    ? [
        [say.doorLabel, say.door[gate.door], gate.door],
        [say.stageLabel, say.stages[gate.stage] ?? gate.stage, 'plain'],
        [say.uplinkLabel, say.uplink[gate.uplink], gate.uplink],
        [say.queuedLabel, String(gate.queued), 'plain'],
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
        <div className={`cell cell-${search.rung}`} lang={language} dir={systems.dir} data-rung={search.rung}>
          <dt>{systems.ladder}</dt>
          <dd title={rung.text}>{rung.title}</dd>
        </div>
      )}
    </dl>
  );
}
