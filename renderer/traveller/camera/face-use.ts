import type { traveller } from '../../../main/contract/traveller.ts';
import type { Client } from '../../../main/contract/wire.ts';
import type { CameraUse } from './camera.ts';
import { type Exposure, followExposure, judgeExposure } from './exposure.ts';

type Kiosk = Pick<Client<typeof traveller>, 'frame'>;
/** What the core answers to a frame. */
export type Reply = Awaited<ReturnType<Kiosk['frame']>>;

// Counts the frames of this page, not of one camera: the core may see two cameras in one crossing.
let sequence = 0;

/** Sends every picture to the core as a frame, and asks the camera for light where faces need it. */
export function faceUse(kiosk: Kiosk, hear: (reply: Reply, exposure: Exposure) => void): CameraUse {
  let reply: Reply | undefined;
  let light: ReturnType<typeof followExposure> | undefined;
  return {
    size: { widthPx: 1280, heightPx: 720 },
    wants: () => ({ crop: reply?.crop ?? null, page: false }),
    opened(track) {
      light = followExposure(track);
      return () => light?.end();
    },
    async take(picture, atMs) {
      const exposure = judgeExposure(picture, reply?.box ?? null);
      light?.see(exposure, atMs);
      reply = await kiosk.frame({ sequence: sequence++, ...picture });
      hear(reply, exposure);
      return reply.wanted;
    },
  };
}
