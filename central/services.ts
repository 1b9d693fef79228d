import type Database from 'better-sqlite3';
import { Arrivals } from './ees/arrivals.ts';
import { type Clock, systemClock } from './esp/clock.ts';
import { closedConfiguration, type EspConfiguration } from './esp/configuration.ts';
import { Portal } from './esp/portal.ts';
import { QueryLog } from './esp/query-log.ts';
import { Search } from './esp/search.ts';
import { behaving, type Behaviours } from './registers/behaviour.ts';
import { openRegisters, type Registers, sourcesOf } from './registers/registers.ts';

/** What the services are made of; absent parts are those of a central that nobody may ask. */
export interface ServicesOptions {
  readonly database: Database.Database;
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
  /** Enters what has arrived; what cannot be entered now stays before the cursor, and the receipt does not wait for it. */
  readonly onStored: () => void;
}

/** Opens the services, and enters in EES what had arrived before. Fault: `config.invalid`. */
export function openServices(options: ServicesOptions): Services {
  const { database, configuration = closedConfiguration, behaviours = new Map(), clock = systemClock } = options;
  const registers = openRegisters(database, configuration.alerts);
  const arrivals = new Arrivals(database, registers.ees, {
    gates: configuration.kiosks,
    exempt: configuration.exempt,
  });
  const onStored = () => {
    try {
      arrivals.advance();
    } catch {
      // The packets are safe in the inbox, and the next that come take these along.
    }
  };
  arrivals.retry();
  arrivals.advance();
  const sources = sourcesOf(registers).map((source) => behaving(source, behaviours, clock));
  const portal = new Portal({ sources, configuration, clock });
  const log = new QueryLog(database, configuration.logMonths);
  return { registers, arrivals, log, search: new Search({ configuration, portal, log, clock }), onStored };
}
