import type { Context } from 'hono';
import { KioskLogs } from './audit/kiosk-logs.ts';
import { Arrivals } from './ees/arrivals.ts';
import { Enrolments } from './ees/enrolments.ts';
import { Errand } from './errand.ts';
import { type Clock, systemClock } from './esp/clock.ts';
import { closedConfiguration, type EspConfiguration } from './esp/configuration.ts';
import { Portal } from './esp/portal.ts';
import { openQueryLog, type QueryLog } from './esp/query-log.ts';
import { Search } from './esp/search.ts';
import { behaving, type Behaviours } from './registers/behaviour.ts';
import { openRegisters, type Registers, sourcesOf } from './registers/registers.ts';
import { openLinkLog, type LinkLog } from './mid/link-log.ts';
import { Links } from './mid/links.ts';
import { settle } from './mid/settling.ts';
import { RetentionClock } from './retention-clock.ts';
import { type QueueOptions, type Taker, takeAtOnce, takeFromQueue } from './takers.ts';
import { openSbmsLog } from './sbms/sbms-log.ts';
import { Sbms } from './sbms/sbms.ts';
import type { Database } from './sql.ts';
import { Statistics } from './statistics.ts';

/** What the services are made of; absent parts are those of a central that nobody may ask. */
export interface ServicesOptions {
  readonly database: Database;
  readonly configuration?: EspConfiguration;
  readonly behaviours?: Behaviours;
  readonly clock?: Clock;
  /** Between intake and the services; without it they are told within the process. */
  readonly queue?: QueueOptions;
}

/** The registers, the portal in front of them, and what enters crossings in EES. */
export interface Services {
  readonly registers: Registers;
  readonly sbms: Sbms;
  readonly enrolments: Enrolments;
  readonly links: Links;
  readonly linkLog: LinkLog;
  /** Answers a kiosk's verdict on a link. */
  readonly settle: (context: Context, kioskId: string) => Promise<Response>;
  readonly arrivals: Arrivals;
  readonly log: QueryLog;
  readonly search: Search;
  readonly statistics: Statistics;
  /** What kiosks ship of their own logs. */
  readonly kioskLogs: KioskLogs;
  /** Erases by a clock what is due. */
  readonly retention: RetentionClock;
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
  const sbmsLog = await openSbmsLog(database, configuration.logMonths);
  const sbms = await Sbms.open(database, {
    log: sbmsLog,
    rules: configuration.biometrics,
    now: () => new Date(clock.now()),
  });
  const { ees, vis, sis, cir } = registers;
  const { keepImages, waitDays } = configuration.biometrics;
  const partiesOf = { EES: ees, VIS: vis, SIS: sis };
  const links = await Links.open(database, {
    sbms,
    rules: configuration,
    now: () => new Date(clock.now()),
    partyOf: (system, file) => partiesOf[system].partyOf(file),
  });
  cir.shows((system, file) => links.of(system, file));
  ees.joins((file) => links.joined('EES', file));
  const linkLog = await openLinkLog(database, configuration.logMonths);
  const enrolments = await Enrolments.open(database, sbms, links, keepImages);
  ees.belongs({
    async erase(dossier) {
      await enrolments.erase(dossier);
      await cir.leave('EES', dossier);
    },
    erased: () => sbms.follow(),
  });
  const rules = { gates: configuration.kiosks, exempt: configuration.exempt, waitDays };
  const arrivals = await Arrivals.open(database, { ees, cir, enrolments }, rules);
  const kioskLogs = await KioskLogs.open(database, () => new Date(clock.now()), configuration.logMonths);
  const statistics = await Statistics.open(database, (kioskId) => configuration.kiosks[kioskId]?.timeZone ?? 'UTC');
  const closing = new AbortController();
  const linking = new Errand(() => links.advance(closing.signal));
  const takers: Taker[] = [
    { feed: arrivals.feed, taken: () => linking.due() },
    { feed: kioskLogs.feed },
    { feed: statistics.feed },
  ];
  const { queue } = options;
  if (!queue || queue.serves.includes('ees')) {
    await arrivals.retry();
    linking.due();
  }
  if (!queue) await arrivals.advance();
  const intake = queue ? await takeFromQueue(database, takers, queue) : takeAtOnce(takers);
  const sources = sourcesOf(registers, sbms).map((source) => behaving(source, behaviours, clock));
  const portal = new Portal({ sources, configuration, clock });
  const log = await openQueryLog(database, configuration.logMonths);
  const retention = await RetentionClock.open(database, [
    {
      name: 'dossiers',
      erase: async (now) => (await registers.ees.erase(now.toISOString().slice(0, 10))).records,
    },
    { name: 'waiting', erase: (now) => arrivals.eraseWaiting(now) },
    { name: 'queries', erase: (now) => log.erase(now) },
    { name: 'matching', erase: (now) => sbmsLog.erase(now) },
    { name: 'links', erase: (now) => linkLog.erase(now) },
    { name: 'kioskLogs', erase: (now) => kioskLogs.erase(now) },
  ]);
  const erasing = new Errand(async () => {
    await retention.tick(new Date(clock.now()));
    // What another process has erased goes out of this one's memory, too.
    await sbms.follow();
  });
  const hourly = setInterval(() => erasing.due(), 3_600_000).unref();
  const search = new Search({ configuration, portal, log, clock });
  return {
    registers,
    sbms,
    enrolments,
    links,
    linkLog,
    settle: (context, kioskId) =>
      settle({ database, configuration, links, log: linkLog, now: () => new Date(clock.now()) }, context, kioskId),
    arrivals,
    log,
    search,
    statistics,
    kioskLogs,
    retention,
    onStored: intake.due,
    settled: intake.done,
    async close() {
      closing.abort();
      clearInterval(hourly);
      await Promise.all([search.close(), intake.close(), erasing.stop()]);
      await linking.stop();
      await sbms.close();
    },
  };
}
