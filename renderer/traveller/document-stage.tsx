import type { View } from '../../main/contract/traveller.ts';
import { ReaderDrawing } from './drawings.tsx';
import { Hint } from './hint.tsx';
import { Stage } from './stage.tsx';
import { tellingOf } from './telling.ts';

/** Shows where the document goes, and how the reading goes on. */
export function DocumentStage({ view }: { readonly view: Extract<View, { stage: 'document' }> }) {
  const told = tellingOf(view);
  return (
    <Stage title={told.title} drawing={<ReaderDrawing hint={view.hint} />}>
      <Hint text={told.hint} attempt={told.attempt} />
    </Stage>
  );
}
