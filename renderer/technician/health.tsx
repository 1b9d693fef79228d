import type { DeviceHealth } from '../../main/contract/technician.ts';
import { useLanguage } from '../parts/language.ts';
import { useNow } from '../parts/told.ts';
import { fill, figure } from '../words/phrase.ts';
import { ageFigure, faultWords } from './figures.ts';
import { useWords } from './words.ts';

/** How long a device has been in its state, its last fault, and what is to be minded. */
export function Standing({ health }: { readonly health: DeviceHealth }) {
  const language = useLanguage();
  const words = useWords();
  const say = words.devices;
  const nowMs = useNow(1_000);
  const age = (sinceMs: number): string => ageFigure((nowMs - sinceMs) / 1000, language);
  return (
    <>
      <p>{fill(say.since, { age: age(health.sinceMs) })}</p>
      {health.lastFault && (
        <p>
          {fill(say.lastFault, { age: age(health.lastFaultAtMs), fault: faultWords(words.faults, health.lastFault) })}
        </p>
      )}
      {health.calibratedOn && <p>{fill(say.calibrated, { day: health.calibratedOn })}</p>}
      {health.warnings.map((warning) => (
        <p key={warning} className="warning">
          {say.warnings[warning]}
        </p>
      ))}
    </>
  );
}

/** How long a device takes for its answers: median and 95th percentile. */
export function LatencyList({ latencies }: { readonly latencies: DeviceHealth['latencies'] }) {
  const language = useLanguage();
  const say = useWords().devices;
  const ms = (value: number): string => figure(language, value, { maximumFractionDigits: 1 });
  return (
    <ul className="latencies">
      {Object.entries(latencies).map(([kind, { count, p50Ms, p95Ms }]) => (
        <li key={kind}>
          {fill(say.latency, {
            kind: say.exchanges[kind] ?? kind,
            median: ms(p50Ms),
            high: ms(p95Ms),
            count: figure(language, count),
          })}
        </li>
      ))}
    </ul>
  );
}
