import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { Fault } from '../../main/contract/fault.ts';
import type { technician, TrialResult } from '../../main/contract/technician.ts';
import type { Client } from '../../main/contract/wire.ts';
import { useTold } from '../parts/told.ts';
import { useLanguage } from '../parts/language.ts';
import { fill, figure } from '../words/phrase.ts';
import { faultWords } from './figures.ts';
import { useWords } from './words.ts';

type Kiosk = Client<typeof technician>;

/** A grey picture, enlarged by the style sheet. Nothing of it is kept beside the canvas. */
function Picture({ picture, label }: { readonly picture: TrialResult; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const { widthPx, heightPx, pixels } = picture;
    const image = context.createImageData(widthPx, heightPx);
    for (const [at, grey] of pixels.entries()) image.data.set([grey, grey, grey, 255], at * 4);
    context.putImageData(image, 0, 0);
  }, [picture]);
  return (
    <figure aria-label={label}>
      <canvas ref={canvas} className="finger-picture" width={picture.widthPx} height={picture.heightPx} />
    </figure>
  );
}

/** The technician's own finger on the scanner: what it sees, and what came of it. The gate is out of service meanwhile. */
export function FingerTrialPanel({ kiosk }: { readonly kiosk: Kiosk }) {
  const language = useLanguage();
  const words = useWords();
  const say = words.trial;
  const trial = useTold(kiosk.trial);
  const [captured, setCaptured] = useState<TrialResult>();
  const [fault, setFault] = useState('');
  const running = trial?.running === true;
  const run = () => {
    setCaptured(undefined);
    setFault('');
    kiosk.tryFinger().then(setCaptured, (error: unknown) => setFault(Fault.from(error).code));
  };
  const picture = running ? trial.picture : captured;
  const standing = running ? (trial.finger ? say.seen : say.place) : captured ? say.captured : '';
  return (
    <section className="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      <p>{say.text}</p>
      <div className="trial">
        {picture && <Picture picture={picture} label={say.picture} />}
        <div className="self-test">
          {running ? (
            <Button className="button button-small" onPress={() => void kiosk.endTrial()}>
              {say.end}
            </Button>
          ) : (
            <Button className="button button-small" onPress={run}>
              {say.run}
            </Button>
          )}
          {captured && !running && (
            <Button className="button button-small" onPress={() => setCaptured(undefined)}>
              {say.clear}
            </Button>
          )}
          <output>
            {standing}{' '}
            {running && trial.picture && fill(say.quality, { percent: figure(language, trial.qualityPercent) })}
            {fault && fault !== 'capture.cancelled' && faultWords(words.faults, fault)}
          </output>
        </div>
      </div>
    </section>
  );
}
