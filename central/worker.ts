import { Fault } from '../main/contract/fault.ts';
import type { CentralOptions } from './central.ts';
import { openCentralDatabase } from './database.ts';
import { openServices, type Services } from './services.ts';
import type { ServiceName } from './takers.ts';

/** Services in a process of their own. */
export interface Worker {
  readonly services: Services;
  close(): Promise<void>;
}

/** Takes for some services what the queue tells, and serves nobody. Fault: `config.invalid` without a queue. */
export async function openWorker(
  { file, storeKey, database: server, queue: url, esp }: CentralOptions,
  serves: readonly ServiceName[],
): Promise<Worker> {
  if (url === undefined) throw new Fault('config.invalid', 'services apart from intake need a queue');
  const database = await openCentralDatabase(file, storeKey, server);
  try {
    const queue = { url, relays: false, serves };
    const services = await openServices({ database, queue, ...(esp && { configuration: esp }) });
    return {
      services,
      async close() {
        await services.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
