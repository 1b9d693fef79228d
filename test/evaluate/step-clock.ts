import type { FaceSteps } from '../../main/biometrics/face/face-reader.ts';

/** Measures how long the steps of reading a face take. */
export class StepClock {
  readonly #times = new Map<string, number[]>();

  /** The same steps, measured; `note` tells one embedder from another. */
  time({ decodeImage, detect, findLandmarks, openingOfEyes, embedder }: FaceSteps, note = ''): FaceSteps {
    return {
      decodeImage: (bytes) => this.measure('decode', () => decodeImage(bytes)),
      detect: (raster, zoomOut) => this.measure('detect', () => detect(raster, zoomOut)),
      findLandmarks: (raster, face) => this.measure('landmarks', () => findLandmarks(raster, face)),
      openingOfEyes: (raster, landmarks) => this.measure('eyes', () => openingOfEyes(raster, landmarks)),
      embedder: {
        ...embedder,
        embed: (...face) =>
          this.measure(`embed ${face[2]?.length ?? 1} views ${note}`.trim(), () => embedder.embed(...face)),
      },
    };
  }

  async measure<T>(step: string, run: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const value = await run();
    const times = this.#times.get(step) ?? [];
    this.#times.set(step, times);
    times.push(performance.now() - begun);
    return value;
  }

  /** Median milliseconds of each step, in the order first taken. */
  medians(): ReadonlyMap<string, number> {
    return new Map([...this.#times].map(([step, times]) => [step, median(times)]));
  }

  print(): void {
    const steps = [...this.medians()].map(([step, ms]) => `${step} ${ms.toFixed(1)}`);
    console.log(`  median ms: ${steps.join(', ')}`);
  }
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[times.length >> 1] ?? NaN;
}
