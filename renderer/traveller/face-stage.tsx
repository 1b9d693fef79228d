import { useEffect, useRef, useState } from 'react';
import { ProgressBar } from 'react-aria-components';
import type { Rect } from '../../main/contract/image.ts';
import type { traveller, View } from '../../main/contract/traveller.ts';
import type { Client } from '../../main/contract/wire.ts';
import { travellerWords } from '../words/languages.ts';
import type { Cameras } from '../../main/contract/camera.ts';
import { type CameraState, runCamera } from './camera/camera.ts';
import type { Exposure } from './camera/exposure.ts';
import { faceUse, type Reply } from './camera/face-use.ts';
import { faceSigns } from './face-signs.tsx';
import { Hint } from './hint.tsx';
import { Stage } from './stage.tsx';
import { tellingOf } from './telling.ts';

interface FaceStageProps {
  readonly view: Extract<View, { stage: 'face' | 'challenge' }>;
  readonly kiosk: Client<typeof traveller>;
  readonly cameras: Cameras;
}

interface Frame {
  readonly width: number;
  readonly height: number;
}

/** The oval to fill, the face found, and how far the capture is, in the frame's own coordinates. */
function Overlay({ frame, box, progress, good }: { frame: Frame; box: Rect | null; progress: number; good: boolean }) {
  const { width, height } = frame;
  const oval = { cx: width / 2, cy: height / 2, rx: height * 0.29, ry: height * 0.39 };
  return (
    <svg className="overlay" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <mask id="outside-oval">
        <rect width={width} height={height} fill="#fff" />
        <ellipse {...oval} fill="#000" />
      </mask>
      <rect className="veil" x={-width} y={-height} width={width * 3} height={height * 3} mask="url(#outside-oval)" />
      <ellipse className={good ? 'oval oval-good' : 'oval'} {...oval} />
      <ellipse
        className="oval-progress"
        {...oval}
        // In the frame's own measure: a stroke that does not scale would scatter the dash.
        strokeWidth={height * 0.02}
        pathLength={100}
        strokeDasharray={`${Math.max(0, Math.min(1, progress)) * 100} 100`}
        visibility={progress > 0 ? 'visible' : 'hidden'}
      />
      {box && (
        <rect
          className="face-box"
          x={box.x * width}
          y={box.y * height}
          width={box.width * width}
          height={box.height * height}
          rx={height * 0.03}
        />
      )}
    </svg>
  );
}

/** Points to the side to turn to, below the face; it is mirrored with the picture, so it points as travellers see themselves. */
function TurnArrow({ frame: { width, height }, turn }: { frame: Frame; turn: 'turn-left' | 'turn-right' }) {
  const reach = height * (turn === 'turn-left' ? 0.2 : -0.2);
  const [tail, tip, back] = [width / 2 - reach, width / 2 + reach, reach * 0.4];
  const [y, spread] = [height * 0.93, height * 0.045];
  return (
    <svg className="overlay" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <path
        className="turn-arrow"
        d={`M${tail} ${y} H${tip} M${tip - back} ${y - spread} L${tip} ${y} L${tip - back} ${y + spread}`}
      />
    </svg>
  );
}

/** The live picture, mirrored as people know themselves, with what helps. The frames that are sent are not mirrored. */
export function FaceStage({ view, kiosk, cameras }: FaceStageProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>('opening');
  const [reply, setReply] = useState<Reply>();
  const [exposure, setExposure] = useState<Exposure>('good');
  const [frame, setFrame] = useState<Frame>({ width: 1280, height: 720 });
  useEffect(() => {
    if (!video.current) return undefined;
    const leave = new AbortController();
    const rig = {
      role: 'face',
      cameras,
      kiosk,
      devices: navigator.mediaDevices,
      video: video.current,
      hearState: setState,
    } as const;
    const hear = (reply: Reply, exposure: Exposure) => {
      setReply(reply);
      setExposure(exposure);
    };
    void runCamera(rig, faceUse(kiosk, hear), leave.signal);
    return () => leave.abort();
  }, [kiosk, cameras]);

  const running = state === 'running';
  const { hint: told, box, progress } = running && reply ? reply : view;
  // A face that is not found may well be there, and only not be lit.
  const hint = running && told === 'find' && exposure !== 'good' && view.stage === 'face' ? 'light' : told;
  const words = travellerWords[view.language];
  const telling = tellingOf({ ...view, hint });
  const lost = state === 'away';
  const good = running && hint === 'hold' && view.stage === 'face';
  const turn =
    view.stage === 'challenge' && (view.prompt === 'turn-left' || view.prompt === 'turn-right') && view.prompt;
  const picture = (
    <div className={running ? 'mirror' : 'mirror mirror-dark'}>
      <video
        ref={video}
        muted
        playsInline
        aria-label={words.face.picture}
        onResize={({ currentTarget: { videoWidth, videoHeight } }) => {
          if (videoWidth > 0) setFrame({ width: videoWidth, height: videoHeight });
        }}
      />
      <Overlay frame={frame} box={running ? box : null} progress={running ? progress : 0} good={good} />
      {turn && <TurnArrow frame={frame} turn={turn} />}
    </div>
  );
  return (
    <Stage title={telling.title} drawing={picture}>
      <Hint text={lost ? words.face.noCamera : telling.hint} good={good} sign={lost ? undefined : faceSigns[hint]} />
      <ProgressBar className="unseen" aria-label={words.face.progress} value={running ? progress * 100 : 0} />
    </Stage>
  );
}
