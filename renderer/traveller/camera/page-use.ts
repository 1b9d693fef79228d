import type { traveller } from '../../../main/contract/traveller.ts';
import type { Client } from '../../../main/contract/wire.ts';
import type { CameraUse } from './camera.ts';

/** Sends pictures of what lies before the document's camera, as large as they are, one whenever the last was looked at. */
export function pageUse(kiosk: Pick<Client<typeof traveller>, 'page'>): CameraUse {
  return {
    size: { widthPx: 1920, heightPx: 1080 },
    wants: () => ({ crop: null, page: true }),
    async take({ page }) {
      if (!page) return true;
      try {
        return (await kiosk.page({ bytes: page })).wanted;
      } finally {
        page.fill(0);
      }
    },
  };
}
