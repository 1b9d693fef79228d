import type { GateView } from '../../main/contract/guard.ts';
import { guardEn as words } from '../words/guard-en.ts';

/** How the gate stands, always in sight. */
export function GateBar({ gate }: { readonly gate: GateView | undefined }) {
  const say = words.gate;
  const cells: readonly (readonly [string, string, string])[] = gate
    ? [
        [say.doorLabel, say.door[gate.door], gate.door],
        [say.stageLabel, say.stages[gate.stage] ?? gate.stage, 'plain'],
        [say.uplinkLabel, say.uplink[gate.uplink], gate.uplink],
        [say.queuedLabel, String(gate.queued), 'plain'],
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
    </dl>
  );
}
