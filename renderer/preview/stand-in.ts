import { guard } from '../../main/contract/guard.ts';
import { technician } from '../../main/contract/technician.ts';
import { Language, traveller } from '../../main/contract/traveller.ts';
import { serve, type Wire } from '../../main/contract/wire.ts';
import { portWire } from '../bridge.ts';
import guardSheet from '../guard/guard.css?url';
import staffSheet from '../parts/staff.css?url';
import technicianSheet from '../technician/technician.css?url';
import travellerSheet from '../traveller/traveller.css?url';
import { travellerScenes } from './scenes.ts';
import { cases, diagnostics, gate, notices, present, searchStatus } from './staff-scenes.ts';

const query = new URLSearchParams(location.search);
const scene = query.get('scene') ?? 'attract';

function nothing(): void {
  return;
}

function serveTraveller(wire: Wire): void {
  const language = Language.parse(query.get('language') ?? 'en');
  const scenes = travellerScenes(language);
  const tell = serve(
    traveller,
    {
      begin: nothing,
      choose: nothing,
      stay: nothing,
      leave: nothing,
      help: nothing,
      camera: nothing,
      page: () => ({ wanted: true }),
      frame: (frame) => {
        document.documentElement.dataset['frames'] = JSON.stringify({
          ...frame,
          luma: frame.luma.length,
          crop: frame.crop && { ...frame.crop, image: frame.crop.image.pixels.length },
        });
        if (scene.startsWith('challenge-')) return { wanted: true, hint: 'hold', box: null, crop: null, progress: 0.5 };
        const view = scenes[scene]?.view;
        if (view?.stage !== 'face') return { wanted: true, hint: 'find', box: null, crop: null, progress: 0 };
        return { wanted: true, hint: view.hint, box: view.box, crop: view.box, progress: view.progress };
      },
    },
    wire,
  );
  const shown = scenes[scene];
  if (!shown) return;
  const documentCamera = scene.startsWith('document-camera') ? {} : null;
  tell('cameras', { face: null, document: documentCamera });
  tell('view', shown.view);
  tell('warning', shown.warning);
}

function serveGuard(wire: Wire): void {
  const none = ['empty', 'present', 'manual'].includes(scene);
  let waiting = none ? [] : cases();
  let left = scene === 'empty' || scene === 'manual' ? [] : notices();
  const tell = serve(
    guard,
    {
      decide: ({ crossingId }) => {
        waiting = waiting.filter((each) => each.crossingId !== crossingId);
        tell('cases', waiting);
      },
      dismiss: ({ id }) => {
        left = left.filter((notice) => notice.id !== id);
        tell('notices', left);
      },
      enter: () => {},
    },
    wire,
  );
  tell('gate', gate);
  tell('search', searchStatus(scene));
  tell('present', scene === 'present' ? present() : null);
  tell('notices', left);
  tell('cases', waiting);
}

/** Rings, as a finger's ridges are about its core. */
const whorl = Uint8Array.from({ length: 64 * 80 }, (_, at) => {
  const ringPx = Math.hypot((at % 64) - 32, Math.floor(at / 64) - 36);
  return ringPx > 34 ? 255 : 128 + 100 * Math.sin(ringPx * 1.4);
});

function serveTechnician(wire: Wire): void {
  const tell = serve(
    technician,
    {
      selfTest: ({ role }) => ({ passed: role === 'document', detail: 'dark frame 2.1, limit 4.0' }),
      tryFinger: () => ({ widthPx: 64, heightPx: 80, pixels: whorl }),
      endTrial: () => {},
      unpark: () => ({ packets: 0 }),
      exportLog: () => ({ file: '/var/lib/limen/log.audit', key: 'limen/kiosk/gate-1+0badcafe+AQ==' }),
    },
    wire,
  );
  tell('diagnostics', diagnostics);
}

function postWire(serveAudience: (wire: Wire) => void): void {
  const { port1, port2 } = new MessageChannel();
  window.postMessage('limen:wire', '*', [port1]);
  serveAudience(portWire(port2));
}

const audience = query.get('audience') ?? 'traveller';
Object.assign(window, {
  limen: {
    ready: () => {
      if (scene === 'out-of-service') window.postMessage('limen:out-of-service', '*');
      else if (scene === 'moment') return;
      else if (audience === 'guard') postWire(serveGuard);
      else if (audience === 'technician') postWire(serveTechnician);
      else postWire(serveTraveller);
    },
  },
});
function wear(...sheets: string[]): void {
  for (const href of sheets)
    document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href }));
}

if (audience === 'guard') {
  wear(staffSheet, guardSheet);
  await import('../guard/entry.tsx');
} else if (audience === 'technician') {
  wear(staffSheet, technicianSheet);
  await import('../technician/entry.tsx');
} else {
  wear(travellerSheet);
  await import('../traveller/entry.tsx');
}
