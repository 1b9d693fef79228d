import { useState } from 'react';
import { Button, Label, TextArea, TextField } from 'react-aria-components';
import { Fault } from '../../main/contract/fault.ts';
import { LinkDecision, LinkVerdictColour } from '../../main/contract/link.ts';
import { useLanguage } from '../parts/language.ts';
import { useNow } from '../parts/told.ts';
import { fill } from '../words/phrase.ts';
import { waitedFor } from './figures.ts';
import { useSystemsWords } from './words.ts';

/** A yellow link that a booth has to verify. */
export interface OpenLink {
  readonly reference: string;
  readonly verifyBy: string;
}

interface LinkVerdictProps {
  readonly link: OpenLink;
  readonly crossingId: string;
  readonly settle: (decision: LinkDecision) => Promise<void>;
}

/**
 * Settles a yellow link with the traveller present (Reg. (EU) 2019/817 Art. 29(4)): what they say, why the officer decides so, and
 * how long is left for it. Nothing of it opens or closes the gate.
 */
export function LinkVerdict({ link, crossingId, settle }: LinkVerdictProps) {
  const language = useLanguage();
  const say = useSystemsWords().link;
  const nowMs = useNow(30_000);
  const [explanation, setExplanation] = useState('');
  const [reason, setReason] = useState('');
  const [step, setStep] = useState<'open' | 'missing' | 'sending' | 'offline' | 'refused'>('open');
  const send = (colour: LinkVerdictColour) => {
    const { data } = LinkDecision.safeParse({ crossingId, link: link.reference, colour, explanation, reason });
    setStep(data ? 'sending' : 'missing');
    if (data)
      settle(data).then(
        () => setStep('open'),
        (error: unknown) => setStep(Fault.from(error).code === 'search.refused' ? 'refused' : 'offline'),
      );
  };
  const leftMs = Date.parse(link.verifyBy) - nowMs;
  return (
    <section className="panel link-verdict" aria-label={say.title} data-link={link.reference}>
      <h3>{say.title}</h3>
      <p className={leftMs > 0 ? 'link-left' : 'link-left mark-bad'}>
        {leftMs > 0 ? fill(say.left, { time: waitedFor(leftMs / 1000, language) }) : say.overdue}
      </p>
      <p>{say.text}</p>
      <TextField value={explanation} onChange={setExplanation} maxLength={1000}>
        <Label>{say.explanation}</Label>
        <TextArea rows={2} />
      </TextField>
      <TextField value={reason} onChange={setReason} maxLength={500}>
        <Label>{say.reason}</Label>
        <TextArea rows={1} />
      </TextField>
      <div className="outcomes">
        {LinkVerdictColour.options.map((colour) => (
          <Button
            key={colour}
            className="button"
            data-verdict={colour}
            isPending={step === 'sending'}
            onPress={() => send(colour)}
          >
            {say.verdicts[colour]}
          </Button>
        ))}
      </div>
      <p className="problem" role="alert">
        {(step === 'missing' || step === 'offline' || step === 'refused') && say[step]}
      </p>
    </section>
  );
}
