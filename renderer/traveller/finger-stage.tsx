import type { View } from '../../main/contract/traveller.ts';
import { Hands } from './hands.tsx';
import { Hint } from './hint.tsx';
import { Stage } from './stage.tsx';
import { tellingOf } from './telling.ts';

/** Shows the finger that is wanted, and what would help. */
export function FingerStage({ view }: { readonly view: Extract<View, { stage: 'finger' }> }) {
  const told = tellingOf(view);
  return (
    <Stage title={told.title} drawing={<Hands position={view.position} />}>
      <Hint text={told.hint} attempt={told.attempt} good={view.hint === 'hold' || view.hint === 'lift'} />
    </Stage>
  );
}
