import { FaceGallery } from '../../../main/biometrics/face/face-gallery.ts';
import { defaultFingerThreshold, fingerModel } from '../../../main/biometrics/finger/finger.ts';
import { FingerGallery } from '../../../main/biometrics/finger/finger-gallery.ts';
import { DocumentIndex } from '../../../main/watchlist/document-index.ts';
import { openWatchlist, type Subject } from '../../../main/watchlist/watchlist.ts';
import { drawTemplate } from '../../sim/finger/draw-template.ts';
import { drawAlerts, drawDocuments, drawFace, drawFingers, faceModel } from './list.ts';
import { figures, leastTimesMs, memoryBytes } from './times.ts';

const searches = 40;
const rounds = 3;
/** A cosine that no drawn face reaches. */
const faceThreshold = 0.9;

/** A whole list as the kiosk holds it: taken into memory, and searched by each means alone and by all together. */
export async function benchWhole(size: number, fingerCount: number): Promise<void> {
  const fingers = await drawFingers(fingerCount);
  const alerts = drawAlerts(size, fingers);
  const before = memoryBytes();
  const startedMs = performance.now();
  const searchers = { fingers: () => new FingerGallery(), faces: () => new FaceGallery(faceModel) };
  const list = openWatchlist({ version: 1, madeAt: '2026-11-25T08:00:00.000Z', alerts }, searchers, {
    fingerThreshold: defaultFingerThreshold,
    faceThreshold,
  });
  await list.ready;
  const loadS = (performance.now() - startedMs) / 1000;
  const bytes = memoryBytes() - before;
  console.log(
    `a list of ${size} alerts with a document, a name and a face, ${fingerCount} with a finger: taken in in ${loadS.toFixed(1)} s; ` +
      `${(bytes / size).toFixed(0)} bytes each besides the galleries`,
  );
  const documents = drawDocuments(searches);
  const subjects = documents.map((document, at): Required<Subject> => ({
    document,
    face: drawFace(size + at),
    finger: {
      position: 'unknown',
      template: { ...fingerModel, bytes: drawTemplate({ finger: 5_000_000 + at, impression: 2 }) },
    },
  }));
  const index = new DocumentIndex(alerts);
  const byNumber = await leastTimesMs(searches, rounds, (n) => index.search(documents[n]!.number, 'UTO'));
  console.log(`  by the document's number: ${figures(byNumber)}`);
  const signal = new AbortController().signal;
  const kinds: readonly [string, (subject: Required<Subject>) => Subject][] = [
    ['by document and name', ({ document }) => ({ document })],
    ['by face', ({ face }) => ({ face })],
    ['by finger', ({ finger }) => ({ finger })],
    ['by all together', (subject) => subject],
  ];
  for (const [kind, of] of kinds) {
    const times = await leastTimesMs(searches, rounds, (n) => list.search(of(subjects[n]!), signal));
    console.log(`  ${kind}: ${figures(times)}`);
  }
  list.close();
}
