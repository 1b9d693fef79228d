import { useEffect, useState } from 'react';
import { Button, I18nProvider } from 'react-aria-components';
import { traveller, type Language, type View, type Warning } from '../../main/contract/traveller.ts';
import type { Client } from '../../main/contract/wire.ts';
import type { Bridge } from '../bridge.ts';
import { CrossIcon, OfficerIcon } from '../parts/icons.tsx';
import { useKiosk, useTold } from '../parts/told.ts';
import { travellerWords } from '../words/languages.ts';
import type { Cameras } from '../../main/contract/camera.ts';
import { AttractStage } from './attract-stage.tsx';
import { DocumentCameraStage, DocumentStage } from './document-stage.tsx';
import { CounterDrawing, PassDrawing, WorkingDrawing } from './drawings.tsx';
import { watchCameras } from './camera/watching.ts';
import { EaseButtons, type Ease } from './ease.tsx';
import { FaceStage } from './face-stage.tsx';
import { FingerStage } from './finger-stage.tsx';
import { LanguageStage } from './language-stage.tsx';
import { NoticeStage } from './notice-stage.tsx';
import { Phrase } from './phrase.tsx';
import { Steps } from './steps.tsx';
import { lightOf, mayLeave, stepOf } from './telling.ts';
import { WarningDialog } from './warning-dialog.tsx';

type Kiosk = Client<typeof traveller>;

/** What the screen shows: the kiosk's view, or what stands in for it while there is no kiosk to tell. */
type Shown = View | { readonly stage: 'moment' | 'out-of-service' };

// A call fails only when the wire does, and then the page shows so by itself.
function ask(call: Promise<void>): void {
  call.catch(() => undefined);
}

interface StageProps {
  readonly shown: Shown;
  readonly language: Language | null;
  readonly kiosk: Kiosk | undefined;
  readonly cameras: Cameras | undefined;
}

function StageOf({ shown, language, kiosk, cameras }: StageProps) {
  switch (shown.stage) {
    case 'attract':
      return <AttractStage begin={() => kiosk && ask(kiosk.begin())} />;
    case 'language':
      return <LanguageStage choose={(language) => kiosk && ask(kiosk.choose({ language }))} />;
    case 'document':
      return kiosk && cameras?.document ? (
        <DocumentCameraStage view={shown} kiosk={kiosk} cameras={cameras} />
      ) : (
        <DocumentStage view={shown} />
      );
    case 'face':
    case 'challenge':
      return kiosk && cameras && <FaceStage view={shown} kiosk={kiosk} cameras={cameras} />;
    case 'finger':
      return <FingerStage key={shown.position} view={shown} />;
    case 'checking':
      return <NoticeStage language={language} notice={(words) => words.checking} drawing={<WorkingDrawing />} />;
    case 'passed':
      return <NoticeStage language={language} notice={(words) => words.passed} drawing={<PassDrawing />} />;
    case 'referred':
      return <NoticeStage language={language} notice={(words) => words.referred} drawing={<CounterDrawing />} />;
    case 'moment':
      return <NoticeStage language={language} notice={(words) => words.moment} drawing={<WorkingDrawing />} />;
    case 'unavailable':
    case 'out-of-service':
      return <NoticeStage language={language} notice={(words) => words.unavailable} drawing={<CounterDrawing />} />;
  }
}

function Leaving({ language, kiosk }: { readonly language: Language | null; readonly kiosk: Kiosk }) {
  return (
    <div className="leaving">
      <Button className="button" onPress={() => ask(kiosk.leave())}>
        <CrossIcon />
        <Phrase language={language} say={(words) => words.cancel} />
      </Button>
      <Button className="button" onPress={() => ask(kiosk.help())}>
        <OfficerIcon />
        <Phrase language={language} say={(words) => words.officer} />
      </Button>
    </div>
  );
}

const noEase: Ease = { contrast: false, largerText: false };

interface Told {
  readonly shown: Shown;
  readonly warning: Warning;
  readonly kiosk: Kiosk | undefined;
  readonly cameras: Cameras | undefined;
}

function useShown(bridge: Bridge): Told {
  const [link, kiosk] = useKiosk(bridge, traveller);
  const view = useTold(kiosk?.view);
  const warning = useTold(kiosk?.warning) ?? null;
  const cameras = useTold(kiosk?.cameras);
  if (link.state === 'closed') {
    return { shown: { stage: 'out-of-service' }, warning: null, kiosk: undefined, cameras: undefined };
  }
  return { shown: view ?? { stage: 'moment' }, warning, kiosk, cameras };
}

/** Watches the cameras whenever no stage uses one. */
function useCameraWatch(stage: Shown['stage'], kiosk: Kiosk | undefined, cameras: Cameras | undefined): void {
  const inUse = stage === 'face' || stage === 'challenge' || (stage === 'document' && cameras?.document);
  const watching = !inUse;
  useEffect(() => {
    if (!kiosk || !cameras || !watching) return undefined;
    const leave = new AbortController();
    const video = document.createElement('video');
    void watchCameras({ cameras, kiosk, devices: navigator.mediaDevices, video }, leave.signal);
    return () => leave.abort();
  }, [kiosk, cameras, watching]);
}

/** The language of the crossing; a lost wire does not change the language a traveller is being spoken to in. */
function useLanguage(shown: Shown): Language | null {
  const [language, setLanguage] = useState<Language | null>(null);
  const next = 'language' in shown ? shown.language : shown.stage === 'moment' ? language : null;
  if (next !== language) setLanguage(next);
  return next;
}

/** How easy the screen is to read; forgotten when the next traveller is waited for. */
function useEase(stage: Shown['stage']): [Ease, (ease: Ease) => void] {
  const [ease, setEase] = useState(noEase);
  const [last, setLast] = useState(stage);
  if (last !== stage) {
    setLast(stage);
    if (stage === 'attract') setEase(noEase);
  }
  return [ease, setEase];
}

/** The traveller's screen: one stage at a time, as the kiosk tells. */
export function TravellerScreen({ bridge }: { readonly bridge: Bridge }) {
  const { shown, warning, kiosk, cameras } = useShown(bridge);
  const language = useLanguage(shown);
  const stage = shown.stage;
  useCameraWatch(stage, kiosk, cameras);
  const [ease, setEase] = useEase(stage);
  const light = shown.stage === 'challenge' ? lightOf(shown) : undefined;
  const step = stage === 'moment' || stage === 'out-of-service' ? undefined : stepOf(stage);
  const leaving = stage !== 'moment' && stage !== 'out-of-service' && mayLeave(stage);

  useEffect(() => {
    const page = document.documentElement;
    page.lang = language ?? 'en';
    page.dir = travellerWords[language ?? 'en'].direction;
    page.dataset['contrast'] = ease.contrast ? 'high' : 'normal';
    page.dataset['text'] = ease.largerText ? 'large' : 'normal';
  }, [language, ease]);

  return (
    <I18nProvider locale={language ?? 'en'}>
      <div className="kiosk" data-stage={stage} data-light={light}>
        <header className="top">{language && step && <Steps language={language} now={step} />}</header>
        {/* One camera serves the face and the challenge after it. */}
        <StageOf
          key={stage === 'challenge' ? 'face' : stage}
          shown={shown}
          language={language}
          kiosk={kiosk}
          cameras={cameras}
        />
        <footer className="bottom">
          {kiosk && leaving && <Leaving language={language} kiosk={kiosk} />}
          <EaseButtons language={language} ease={ease} change={setEase} />
        </footer>
        {kiosk && warning && leaving && (
          <WarningDialog
            language={language}
            secondsLeft={warning.secondsLeft}
            stay={() => ask(kiosk.stay())}
            leave={() => ask(kiosk.leave())}
          />
        )}
      </div>
    </I18nProvider>
  );
}
