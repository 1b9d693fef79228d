import type { ReactNode } from 'react';
import { TickIcon } from '../parts/icons.tsx';
import { useSteady } from '../parts/told.ts';

const spokenAfterMs = 700;

interface HintProps {
  readonly text: string;
  readonly attempt?: string | undefined;
  /** Things go well: says so with a tick, not by colour alone. */
  readonly good?: boolean;
  /** A sign of what is to be done, beside the sentence. */
  readonly sign?: ReactNode;
}

/** The sentence that helps. It is spoken once it has stayed the same for a while. */
export function Hint({ text, attempt, good = false, sign }: HintProps) {
  const spoken = useSteady(text, spokenAfterMs);
  return (
    <>
      <p className={good ? 'hint hint-good' : 'hint'}>
        {good ? <TickIcon /> : sign}
        <span>{text}</span>
      </p>
      {attempt && <p className="attempt">{attempt}</p>}
      <p className="unseen" aria-live="polite">
        {spoken}
      </p>
    </>
  );
}
