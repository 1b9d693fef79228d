import { Fault } from '../contract/fault.ts';
import type { DocumentReader, ReaderEvent } from './document-reader.ts';
import type { DeviceInfo } from './open-device.ts';
import type { PageCamera } from './page-camera.ts';
import { cancellable, throwIfCancelled } from './wait.ts';

interface Offered {
  readonly bytes: Uint8Array;
  readonly taken: PromiseWithResolvers<boolean>;
}

/** Reads documents that lie before a camera of the page: gives picture after picture, one at a time. */
export class CameraDocumentReader implements DocumentReader {
  readonly gives = ['page'] as const;
  readonly #camera: PageCamera;
  #wanted: PromiseWithResolvers<Offered> | undefined;
  #pictures = 0;

  constructor(camera: PageCamera) {
    this.#camera = camera;
  }

  get info(): DeviceInfo {
    return { model: this.#camera.view().model, serial: '', firmware: '', protocol: 'camera' };
  }

  get counters() {
    return { pictures: this.#pictures };
  }

  /** Itself, once the camera is there. `capture.cancelled` when the signal fires first. */
  async ready(signal: AbortSignal): Promise<DocumentReader> {
    await this.#camera.present(signal);
    return this;
  }

  /**
   * Takes a picture, JPEG, and overwrites it when nobody wants it. Settles when it has been looked at, with whether
   * another is wanted.
   */
  offer(bytes: Uint8Array): Promise<boolean> {
    if (!this.#wanted) {
      bytes.fill(0);
      return Promise.resolve(false);
    }
    const taken = Promise.withResolvers<boolean>();
    this.#wanted.resolve({ bytes, taken });
    this.#wanted = undefined;
    this.#pictures++;
    return taken.promise;
  }

  /** Yields pictures as `view`. Fails with `device.absent` when the camera goes, `capture.cancelled` when the signal fires. */
  async *read({ signal }: { readonly signal: AbortSignal }): AsyncGenerator<ReaderEvent> {
    if (this.#wanted) throw new Fault('device.busy');
    let offered: Offered | undefined;
    try {
      for (;;) {
        throwIfCancelled(signal);
        const wanted = (this.#wanted = Promise.withResolvers<Offered>());
        offered?.taken.resolve(true);
        offered = await cancellable(this.#nextOf(wanted), signal);
        yield { type: 'view', bytes: offered.bytes };
      }
    } finally {
      this.#wanted = undefined;
      offered?.taken.resolve(false);
    }
  }

  async close(): Promise<void> {
    // The page closes its camera by itself.
  }

  /** The next picture, unless the camera goes away before. */
  async #nextOf(wanted: PromiseWithResolvers<Offered>): Promise<Offered> {
    for (;;) {
      if (!this.#camera.ready) throw new Fault('device.absent', 'the camera is away');
      const offered = await Promise.race([wanted.promise, this.#camera.change()]);
      if (offered) return offered;
    }
  }
}
