import { Arrivals } from './ees/arrivals.ts';
import { Errand } from './errand.ts';
import { type Clock, systemClock } from './esp/clock.ts';
import { closedConfiguration, type EspConfiguration } from './esp/configuration.ts';
import { Portal } from './esp/portal.ts';
import { QueryLog } from './esp/query-log.ts';
import { Search } from './esp/search.ts';
import { behaving, type Behaviours } from './registers/behaviour.ts';
import { openRegisters, type Registers, sourcesOf } from './registers/registers.ts';
import type { Database } from './sql.ts';

/** What the services are made of; absent parts are those of a central that nobody may ask. */
export interface ServicesOptions {
  readonly database: Database;
  readonly configuration?: EspConfiguration;
  readonly behaviours?: Behaviours;
  readonly clock?: Clock;
}

/** The registers, the portal in front of them, and what enters crossings in EES. */
export interface Services {
  readonly registers: Registers;
  readonly arrivals: Arrivals;
  readonly log: QueryLog;
  readonly search: Search;
  /** Has what arrived entered; the receipt does not wait for it. */
  readonly onStored: () => void;
  /** When what had arrived is entered, or what could not be stays before the cursor for now. */
  readonly settled: () => Promise<void>;
  close(): Promise<void>;
}

/** Opens the services, and enters in EES what had arrived before. Fault: `config.invalid`. */
export async function openServices(options: ServicesOptions): Promise<Services> {
  const { database, configuration = closedConfiguration, behaviours = new Map(), clock = systemClock } = options;
  const registers = await openRegisters(database, configuration.alerts);
  const rules = { gates: configuration.kiosks, exempt: configuration.exempt };
  const arrivals = await Arrivals.open(database, registers.ees, rules);
  // What fails is safe in the inbox, and is taken along by the next run.
  const entering = new Errand(() => arrivals.advance());
  await arrivals.retry();
  await arrivals.advance();
  const sources = sourcesOf(registers).map((source) => behaving(source, behaviours, clock));
  const portal = new Portal({ sources, configuration, clock });
  const log = await QueryLog.open(database, configuration.logMonths);
  const search = new Search({ configuration, portal, log, clock });
  return {
    registers,
    arrivals,
    log,
    search,
    onStored: () => entering.due(),
    settled: () => entering.done(),
    async close() {
      await Promise.all([search.close(), entering.stop()]);
    },
  };
}
