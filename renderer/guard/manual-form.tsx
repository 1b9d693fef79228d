import { useState, type ComponentProps } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { ManualEntry } from '../../main/contract/guard.ts';
import { fill } from '../words/phrase.ts';
import { useSystemsWords } from './words.ts';

/** What has been filled in so far. */
export type HandWritten = Readonly<Partial<Record<Field, string>>>;

type Field = Exclude<keyof ManualEntry, 'outcome'>;
type Step = 'open' | 'wrong' | 'sending' | 'entered' | 'not-yet';

/** The time now as a field of day and time has it, and back. */
const localNow = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** A form with nothing of anybody in it. */
export const unwritten = (): HandWritten => ({ documentCode: 'P', sex: 'X', at: localNow() });

interface ManualFormProps {
  readonly values: HandWritten;
  readonly write: (values: HandWritten) => void;
  /** Present once the gate can store again: nothing more is to be entered. */
  readonly done?: (() => void) | undefined;
  readonly enter: (entry: ManualEntry) => Promise<void>;
}

/**
 * The last step of the ladder (Reg. (EU) 2017/2226 Art. 21(2)): what a guard writes down by hand while nothing can be stored.
 * It has no biometric field; what is filled in is kept in this window only, until it could be entered: it stays when the gate can
 * store again, and while a case is looked at.
 */
export function ManualForm({ values, write, enter, done }: ManualFormProps) {
  const say = useSystemsWords().manual;
  const [step, setStep] = useState<Step>('open');
  const send = async (outcome: ManualEntry['outcome']) => {
    const at = new Date(values.at ?? '');
    const entry = { ...values, at: Number.isNaN(at.getTime()) ? '' : at.toISOString(), outcome };
    const { data } = ManualEntry.safeParse(entry);
    setStep(data ? 'sending' : 'wrong');
    if (!data) return;
    try {
      await enter(data);
      write(unwritten());
      setStep('entered');
    } catch {
      setStep('not-yet');
    }
  };
  const field = (name: Field, label: string, input: ComponentProps<typeof Input> = {}) => (
    <TextField
      key={name}
      value={values[name] ?? ''}
      onChange={(value) =>
        write({
          ...values,
          [name]: input.type === undefined && name !== 'givenNames' ? value.toUpperCase() : value,
        })
      }
    >
      <Label>{label}</Label>
      <Input {...input} dir={input.type ? undefined : 'ltr'} />
    </TextField>
  );
  const told = { open: '', sending: '', wrong: say.wrong, entered: say.entered, 'not-yet': say.notYet }[step];
  return (
    <section className="panel manual" aria-label={say.title}>
      <h2>{say.title}</h2>
      <p>{say.text}</p>
      <div className="manual-fields">
        {field('surname', say.surname)}
        {field('givenNames', say.givenNames)}
        {field('birthDate', say.birthDate, { type: 'date' })}
        {field('nationality', say.nationality, { maxLength: 3 })}
        {field('sex', `${say.sex} (M, F, X)`, { maxLength: 1 })}
        {field('documentCode', say.code, { maxLength: 2 })}
        {field('documentNumber', say.number)}
        {field('issuingState', say.issuingState, { maxLength: 3 })}
        {field('expiryDate', say.expiryDate, { type: 'date' })}
        {field('at', say.at, { type: 'datetime-local' })}
      </div>
      <p className="stamp">
        <strong>{say.stamp}</strong> {fill(say.stampText, { at: (values.at ?? '').replace('T', ' ') })}
      </p>
      <p>
        {say.enter} — {say.outcome}:
      </p>
      <div className="outcomes">
        <Button className="button button-primary" isPending={step === 'sending'} onPress={() => void send('admit')}>
          {say.admitted}
        </Button>
        <Button className="button" isPending={step === 'sending'} onPress={() => void send('second-line')}>
          {say.handedOn}
        </Button>
        {done && (
          <Button className="button" onPress={done}>
            {say.done}
          </Button>
        )}
      </div>
      <output className={step === 'entered' ? 'done' : 'problem'}>{told}</output>
    </section>
  );
}
