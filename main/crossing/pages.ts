import type { MrzEngine } from '../document/ocr/mrz-engine.ts';

/** Reads the zone off pictures, with an engine that is opened when a reader that gives pictures is met. */
export interface Pages extends Pick<MrzEngine, 'readPage' | 'close'> {
  /** Opens the engine ahead of the first picture; what goes wrong is told when a picture is to be read. */
  warm(): void;
}

/** An engine that could not be opened is opened again for the next picture; its fault is that of `readPage`. */
export function openPages(openEngine: () => Promise<MrzEngine>): Pages {
  let opening: Promise<MrzEngine> | undefined;
  const engine = () => {
    const mine = (opening ??= openEngine());
    mine.catch(() => {
      if (opening === mine) opening = undefined;
    });
    return mine;
  };
  return {
    warm: () => void engine(),
    readPage: async (image, today, signal) => (await engine()).readPage(image, today, signal),
    close: async () => {
      const opened = await opening?.catch(() => undefined);
      await opened?.close();
    },
  };
}
