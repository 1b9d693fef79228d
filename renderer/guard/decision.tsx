import { useId, useState } from 'react';
import { Button, Label, TextArea, TextField, ToggleButton, ToggleButtonGroup, type Key } from 'react-aria-components';
import { isReason, statedReason } from './figures.ts';
import { useWords } from './words.ts';

type Outcome = 'admit' | 'second-line';
type Step = 'open' | 'missing' | 'sending' | 'failed';

interface DecisionProps {
  readonly decide: (outcome: Outcome, reason: string) => Promise<void>;
}

/** The guard's decision and its reason, without which there is none. */
export function Decision({ decide }: DecisionProps) {
  const [picked, setPicked] = useState<ReadonlySet<Key>>(new Set());
  const [written, setWritten] = useState('');
  const [step, setStep] = useState<Step>('open');
  const label = useId();
  const say = useWords().decision;
  const reason = statedReason(
    say.choices.filter((choice) => picked.has(choice)),
    written,
  );
  const send = (outcome: Outcome) => {
    if (!isReason(reason)) {
      setStep('missing');
      return;
    }
    setStep('sending');
    decide(outcome, reason).then(
      () => setStep('open'),
      () => setStep('failed'),
    );
  };
  const missing = step === 'missing' && !isReason(reason);
  return (
    <section className="panel decision" aria-label={say.title}>
      <h3>
        {say.title}: <span id={label}>{say.quick}</span>
      </h3>
      <ToggleButtonGroup
        className="quick"
        aria-labelledby={label}
        selectionMode="multiple"
        selectedKeys={picked}
        onSelectionChange={setPicked}
      >
        {say.choices.map((choice) => (
          <ToggleButton key={choice} id={choice} className="button button-small">
            {choice}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <div className="stated">
        <TextField value={written} onChange={setWritten} maxLength={300} isInvalid={missing}>
          <Label>{say.more}</Label>
          <TextArea rows={1} />
        </TextField>
        <div className="outcomes">
          <Button className="button button-primary" isPending={step === 'sending'} onPress={() => send('admit')}>
            {say.admit}
          </Button>
          <Button className="button" isPending={step === 'sending'} onPress={() => send('second-line')}>
            {say.secondLine}
          </Button>
        </div>
      </div>
      <p className="problem" role="alert">
        {missing && say.missing}
        {step === 'failed' && say.failed}
      </p>
    </section>
  );
}
