import { openServices } from '../../central/services.ts';
import { exampleConfiguration } from '../sim/central/configuration.ts';
import { openAt } from './place.ts';

// node queue-process.ts FILE KEY QUEUE: takes for all services what the queue tells, until it is killed.
const [file = '', key = '', url = ''] = process.argv.slice(2);
const database = await openAt(file, Buffer.from(key, 'hex'));
const queue = { url, relays: false, serves: ['ees', 'audit', 'statistics'], ackWaitMs: 1000 } as const;
await openServices({ database, configuration: exampleConfiguration(), queue });
console.log('begun');
