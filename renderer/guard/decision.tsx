import { useId, useState } from 'react';
import { Button, Label, TextArea, TextField, ToggleButton, ToggleButtonGroup, type Key } from 'react-aria-components';
import type { GuardDecision } from '../../main/contract/guard.ts';
import { FingersUnable, type GuardOutcome, RefusalGround, takesBiometrics } from '../../main/contract/refusal.ts';
import { isReason, statedReason } from './figures.ts';
import { useWords } from './words.ts';

type Step = 'open' | 'missing' | 'ungrounded' | 'sending' | 'failed';

/** What a guard decides, and why. */
export type Decided = Omit<GuardDecision, 'crossingId'>;

interface DecisionProps {
  /** No finger was captured: the guard may say that none can be. */
  readonly fingersMissing: boolean;
  readonly decide: (decided: Decided) => Promise<void>;
}

/** The guard's decision and its reason, without which there is none. */
export function Decision({ fingersMissing, decide }: DecisionProps) {
  const [picked, setPicked] = useState<ReadonlySet<Key>>(new Set());
  const [written, setWritten] = useState('');
  const [step, setStep] = useState<Step>('open');
  const [ground, setGround] = useState<RefusalGround>();
  const [unable, setUnable] = useState<FingersUnable>();
  const label = useId();
  const say = useWords().decision;
  const reason = statedReason(
    say.choices.filter((choice) => picked.has(choice)),
    written,
  );
  const send = (outcome: GuardOutcome) => {
    if (!isReason(reason)) {
      setStep('missing');
      return;
    }
    if (outcome === 'refuse' && !ground) {
      setStep('ungrounded');
      return;
    }
    setStep('sending');
    decide({
      outcome,
      reason,
      ...(outcome === 'refuse' && { ground }),
      ...(fingersMissing && unable && { fingersUnable: unable }),
    }).then(
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
      {fingersMissing && (
        <label className="choice">
          {say.fingers.label}
          <select
            data-choice="fingers"
            value={unable ?? ''}
            onChange={({ target }) => setUnable(FingersUnable.safeParse(target.value).data)}
          >
            <option value="">{say.fingers.able}</option>
            {FingersUnable.options.map((each) => (
              <option key={each} value={each}>
                {say.fingers.unable[each]}
              </option>
            ))}
          </select>
        </label>
      )}
      {/* Rare, and nothing to press by mistake. */}
      <details className="refusal">
        <summary>{say.refusal.label}</summary>
        <div className="stated">
          <select
            data-choice="ground"
            aria-label={say.refusal.label}
            value={ground ?? ''}
            onChange={({ target }) => setGround(RefusalGround.safeParse(target.value).data)}
          >
            <option value="">{say.refusal.pick}</option>
            {RefusalGround.options.map((each) => (
              <option key={each} value={each}>
                {each}: {say.refusal.grounds[each]}
              </option>
            ))}
          </select>
          <Button className="button" isPending={step === 'sending'} onPress={() => send('refuse')}>
            {say.refusal.refuse}
          </Button>
        </div>
        {ground && <p>{takesBiometrics(ground) ? say.refusal.withBiometrics : say.refusal.withoutBiometrics}</p>}
      </details>
      <p className="problem" role="alert">
        {missing && say.missing}
        {step === 'ungrounded' && !ground && say.refusal.missing}
        {step === 'failed' && say.failed}
      </p>
    </section>
  );
}
