import type { ByteBus, ByteInfo, BytePort } from '../../../main/devices/byte-port.ts';
import { SimBus, SimPort, type SimPortOptions } from './sim-bus.ts';

/** A serial device as the bus sees one. */
export interface ByteModel {
  onInput: (bytes: Uint8Array) => void;
  receive(bytes: Uint8Array): void;
}

/** Serial devices that are plugged in and out by hand. */
export class SimByteBus extends SimBus<ByteInfo, ByteModel, SimBytePort> implements ByteBus {
  /** Gives the path, a new one each time. */
  plug(model: ByteModel, info: Partial<Omit<ByteInfo, 'path'>> = {}): string {
    const known = { vendorId: 0x1209, productId: 2, serial: '' };
    return this.plugAt(
      (count) => `/dev/ttyACM${count}`,
      model,
      (path) => ({ ...known, ...info, path }),
    );
  }

  protected override connect(options: SimPortOptions<ByteInfo, ByteModel>): SimBytePort {
    return new SimBytePort(options, (model, bytes) => model.receive(bytes));
  }
}

/** One open simulated serial device. */
export class SimBytePort extends SimPort<ByteInfo, ByteModel> implements BytePort {
  onBytes(hear: (chunk: Uint8Array) => void): () => void {
    return this.hear(hear);
  }
}
