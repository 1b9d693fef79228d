import type { CameraFault, CameraReport, CameraRole } from '../../../main/contract/camera.ts';
import type { traveller } from '../../../main/contract/traveller.ts';
import type { Client } from '../../../main/contract/wire.ts';
import type { Ailment } from './picture-health.ts';

type Kiosk = Pick<Client<typeof traveller>, 'camera'>;

/** What is told of a camera when it changes. */
export interface CameraNews {
  readonly state: CameraReport['state'];
  readonly fault?: CameraFault;
  readonly label?: string;
  readonly cameras?: readonly string[];
}

/** How often figures are told that change all the time. */
const figuresEveryMs = 5000;
const longestName = 128;
const mostCameras = 16;

type Counters = Record<keyof CameraReport['counters'], number>;

/** The figures of a role since the page was loaded, and whether its camera has proven to give true pictures since it was plugged in. */
interface Standing {
  readonly counters: Counters;
  proven: boolean;
}
const standings = new Map<CameraRole, Standing>();

/** What the page knows of a role's camera, whoever uses it. */
export function standingOf(role: CameraRole): Standing {
  const counters = { frames: 0, dropped: 0, frozen: 0, black: 0, white: 0, resized: 0 };
  const standing = standings.get(role) ?? { counters, proven: false };
  standings.set(role, standing);
  return standing;
}

/** The fault that an ailment is. */
export function faultOf(ailment: Ailment): CameraFault {
  return `camera.${ailment}`;
}

/** Tells the kiosk how a camera does: at once when that changes, and its figures now and then. */
export function reporter(kiosk: Kiosk, role: CameraRole): (news: CameraNews, atMs: number) => void {
  let told = '';
  let toldMs = -Infinity;
  return ({ state, fault, label = '', cameras = [] }, atMs) => {
    const standing = standingOf(role);
    if (state === 'away') standing.proven = false;
    const cut = (name: string) => name.slice(0, longestName);
    const news = { state, fault: fault ?? null, label: cut(label), cameras: cameras.slice(0, mostCameras).map(cut) };
    const key = JSON.stringify(news);
    if (key === told && atMs - toldMs < figuresEveryMs) return;
    told = key;
    toldMs = atMs;
    kiosk.camera({ role, ...news, counters: { ...standing.counters } }).catch(() => undefined);
  };
}
