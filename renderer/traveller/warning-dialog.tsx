import { useEffect, useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { Language } from '../../main/contract/traveller.ts';
import { ClockIcon } from '../parts/icons.tsx';
import { counted } from '../words/phrase.ts';
import { travellerWords } from '../words/languages.ts';
import { secondsLeftAt, worthSaying } from './countdown.ts';
import { Phrase } from './phrase.tsx';

interface WarningDialogProps {
  readonly language: Language | null;
  readonly secondsLeft: number;
  readonly stay: () => void;
  readonly leave: () => void;
}

function useSecondsLeft(secondsLeft: number): number {
  const [seconds, setSeconds] = useState(secondsLeft);
  useEffect(() => {
    const heardAtMs = performance.now();
    const count = () => setSeconds(secondsLeftAt(secondsLeft, heardAtMs, performance.now()));
    count();
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, [secondsLeft]);
  return seconds;
}

/** Tells quietly that the time runs out, and gives more of it. */
export function WarningDialog({ language, secondsLeft, stay, leave }: WarningDialogProps) {
  const seconds = useSecondsLeft(secondsLeft);
  const [spoken, setSpoken] = useState(secondsLeft);
  if (spoken !== seconds && worthSaying(seconds)) setSpoken(seconds);
  const left = (count: number) => (
    <Phrase language={language} say={(words, of) => counted(of, words.warning.left, 'seconds', count)} />
  );
  const direction = language ? travellerWords[language].direction : 'ltr';
  return (
    <ModalOverlay className="shade" isOpen isKeyboardDismissDisabled>
      <Modal className={language ? 'warning' : 'warning warning-wide'}>
        <Dialog role="alertdialog" dir={direction}>
          <ClockIcon />
          <Heading slot="title">
            <Phrase language={language} say={(words) => words.warning.title} />
          </Heading>
          <p className="warning-left" aria-hidden="true">
            {left(seconds)}
          </p>
          <output className="unseen">{left(spoken)}</output>
          <div className="warning-choices">
            <Button className="button button-primary" onPress={stay}>
              <Phrase language={language} say={(words) => words.warning.stay} />
            </Button>
            <Button className="button" onPress={leave}>
              <Phrase language={language} say={(words) => words.cancel} />
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
