import type { Rect } from '../../../main/contract/image.ts';
import { pageOf, pictureOf, Scratch, type Picture } from './picture.ts';

/** What the page says to the worker: here is the camera's stream; I want the next picture; stop and wipe. */
export type WorkerAsk =
  | { readonly kind: 'open'; readonly frames: ReadableStream<VideoFrame>; readonly pageOriginMs: number }
  | { readonly kind: 'next'; readonly crop: Rect | null; readonly page: boolean }
  | { readonly kind: 'close' };

/** What the worker answers: a picture, or that the stream has ended and its memory is wiped. */
export type WorkerAnswer = { readonly kind: 'picture'; readonly picture: Picture } | { readonly kind: 'ended' };

interface WorkerScope {
  postMessage(answer: WorkerAnswer, transfer: Transferable[]): void;
  addEventListener(type: 'message', hear: (event: MessageEvent<WorkerAsk>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const scratch = new Scratch();
let wanted: { readonly crop: Rect | null; readonly page: boolean } | undefined;
let reader: ReadableStreamDefaultReader<VideoFrame> | undefined;

function send(picture: Picture): void {
  const transfer: Transferable[] = [picture.luma.buffer as ArrayBuffer];
  if (picture.page) transfer.push(picture.page.buffer);
  if (picture.crop) transfer.push(picture.crop.image.pixels.buffer as ArrayBuffer);
  scope.postMessage({ kind: 'picture', picture }, transfer);
}

/** Reads every frame so that the one sent is fresh; a frame nobody asked for is closed unseen. */
async function read(reader: ReadableStreamDefaultReader<VideoFrame>, pageOriginMs: number): Promise<void> {
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const frame = next.value;
    const ask = wanted;
    wanted = undefined;
    try {
      const takenAtMs = performance.timeOrigin + performance.now() - pageOriginMs;
      if (!ask) continue;
      const picture = await pictureOf(frame, ask.crop, Math.max(0, takenAtMs), scratch);
      const size = { widthPx: picture.sourceWidthPx, heightPx: picture.sourceHeightPx };
      send(ask.page ? { ...picture, page: await pageOf(frame, size) } : picture);
    } finally {
      frame.close();
    }
  }
}

function end(): void {
  scratch.wipe();
  scope.postMessage({ kind: 'ended' }, []);
}

scope.addEventListener('message', ({ data }) => {
  if (data.kind === 'next') wanted = data;
  else if (data.kind === 'open') read((reader = data.frames.getReader()), data.pageOriginMs).then(end, end);
  else reader?.cancel().catch(end);
});
