import type { Rect } from '../../../main/contract/image.ts';
import type { WorkerAnswer, WorkerAsk } from './frame-worker.ts';
import { pageOf, pictureOfRgba, type Picture } from './picture.ts';

/** Where pictures come from, one at a time. */
export interface FrameSource {
  /** The next fresh picture, with the crop and the whole page where they are wanted; undefined when the camera gives no more. */
  readonly next: (crop: Rect | null, page?: boolean) => Promise<Picture | undefined>;
  /** Ends the source and wipes what it held. */
  readonly close: () => void;
}

// Chromium has the processor in windows too; the standard, and so TypeScript, only in workers.
declare const MediaStreamTrackProcessor:
  (new (init: { track: MediaStreamTrack }) => { readonly readable: ReadableStream<VideoFrame> }) | undefined;

/** Pictures of a track: made in a worker where the browser can, else from the video element that shows it. */
export function openFrameSource(track: MediaStreamTrack, video: HTMLVideoElement): FrameSource {
  return typeof MediaStreamTrackProcessor === 'undefined' ? videoSource(video) : workerSource(track);
}

function workerSource(track: MediaStreamTrack): FrameSource {
  if (!MediaStreamTrackProcessor) throw new TypeError('no MediaStreamTrackProcessor');
  const worker = new Worker(new URL('./frame-worker.ts', import.meta.url), { type: 'module' });
  const ask = (message: WorkerAsk, transfer: Transferable[] = []) => worker.postMessage(message, transfer);
  let waiting: PromiseWithResolvers<Picture | undefined> | undefined;
  let ended = false;
  const settle = (picture: Picture | undefined) => {
    waiting?.resolve(picture);
    waiting = undefined;
  };
  const end = () => {
    ended = true;
    settle(undefined);
  };
  worker.addEventListener('message', ({ data }: MessageEvent<WorkerAnswer>) => {
    if (data.kind === 'picture') settle(data.picture);
    else {
      end();
      worker.terminate();
    }
  });
  worker.addEventListener('error', end);
  const { readable } = new MediaStreamTrackProcessor({ track });
  ask({ kind: 'open', frames: readable, pageOriginMs: performance.timeOrigin }, [readable]);
  return {
    next: (crop, page = false) => {
      if (ended) return Promise.resolve(undefined);
      waiting = Promise.withResolvers();
      ask({ kind: 'next', crop, page });
      return waiting.promise;
    },
    close: () => {
      end();
      ask({ kind: 'close' });
    },
  };
}

function videoSource(video: HTMLVideoElement): FrameSource {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let waiting: { readonly handle: number; readonly resolve: (picture: undefined) => void } | undefined;
  let ended = !context;
  const draw = (crop: Rect | null): Picture | undefined => {
    if (!context || video.videoWidth === 0) return undefined;
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    const bytes = new Uint8Array(data.buffer);
    const rgba = { widthPx: width, heightPx: height, bytes, offset: 0, stride: width * 4, channels: 4 };
    const picture = pictureOfRgba(rgba, crop, performance.now());
    bytes.fill(0);
    return picture;
  };
  return {
    next: async (crop, page = false) => {
      const picture = await new Promise<Picture | undefined>((resolve) => {
        if (ended) resolve(undefined);
        else waiting = { handle: video.requestVideoFrameCallback(() => resolve(draw(crop))), resolve };
      });
      if (!picture || !page) return picture;
      return { ...picture, page: await pageOf(video, { widthPx: video.videoWidth, heightPx: video.videoHeight }) };
    },
    close: () => {
      ended = true;
      if (waiting) video.cancelVideoFrameCallback(waiting.handle);
      waiting?.resolve(undefined);
      canvas.width = canvas.height = 1;
    },
  };
}
