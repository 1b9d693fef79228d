import { useEffect, useRef, useState } from 'react';
import type { Cameras } from '../../main/contract/camera.ts';
import type { traveller, View } from '../../main/contract/traveller.ts';
import type { Client } from '../../main/contract/wire.ts';
import { travellerWords } from '../words/languages.ts';
import { type CameraState, runCamera } from './camera/camera.ts';
import { pageUse } from './camera/page-use.ts';
import { ReaderDrawing } from './drawings.tsx';
import { Hint } from './hint.tsx';
import { Stage } from './stage.tsx';
import { tellingOf } from './telling.ts';

type DocumentView = Extract<View, { stage: 'document' }>;

/** Shows where the document goes, and how the reading goes on. */
export function DocumentStage({ view }: { readonly view: DocumentView }) {
  const told = tellingOf(view);
  return (
    <Stage title={told.title} drawing={<ReaderDrawing hint={view.hint} />}>
      <Hint text={told.hint} attempt={told.attempt} />
    </Stage>
  );
}

interface CameraProps {
  readonly view: DocumentView;
  readonly kiosk: Client<typeof traveller>;
  readonly cameras: Cameras;
}

/** Shows what the document's camera sees, not mirrored: a page is to be read. */
export function DocumentCameraStage({ view, kiosk, cameras }: CameraProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>('opening');
  useEffect(() => {
    if (!video.current) return undefined;
    const leave = new AbortController();
    const devices = navigator.mediaDevices;
    const rig = { role: 'document', cameras, kiosk, devices, video: video.current, hearState: setState } as const;
    void runCamera(rig, pageUse(kiosk), leave.signal);
    return () => leave.abort();
  }, [kiosk, cameras]);
  const { camera } = travellerWords[view.language].document;
  const told = tellingOf(view);
  const picture = (
    <div className={state === 'running' ? 'mirror page-view' : 'mirror page-view mirror-dark'}>
      <video ref={video} muted playsInline aria-label={camera.picture} />
    </div>
  );
  return (
    <Stage title={camera.title} drawing={picture}>
      <Hint text={camera.hints[state === 'away' ? 'wait' : view.hint]} attempt={told.attempt} />
    </Stage>
  );
}
