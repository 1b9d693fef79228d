import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { DeviceView, technician } from '../../main/contract/technician.ts';
import type { Client } from '../../main/contract/wire.ts';
import { useLanguage } from '../parts/language.ts';
import { fill, figure } from '../words/phrase.ts';
import type { TechnicianWords } from '../words/technician.ts';
import { Fault } from '../../main/contract/fault.ts';
import { faultWords } from './figures.ts';
import { LatencyList, Standing } from './health.tsx';
import { useWords } from './words.ts';

type Kiosk = Client<typeof technician>;
type Result = Awaited<ReturnType<Kiosk['selfTest']>>;

function roleName(role: string, words: TechnicianWords): string {
  return words.devices.roles[role] ?? role;
}

function SelfTest({ role, kiosk }: { readonly role: string; readonly kiosk: Kiosk }) {
  const words = useWords();
  const [result, setResult] = useState<Result | 'running'>();
  const run = () => {
    setResult('running');
    kiosk.selfTest({ role }).then(setResult, (error: unknown) => {
      setResult({ passed: false, detail: faultWords(words.faults, Fault.from(error).code) });
    });
  };
  return (
    <div className="self-test">
      <Button
        className="button button-small"
        aria-label={fill(words.selfTest.runFor, { role: roleName(role, words) })}
        isDisabled={result === 'running'}
        onPress={run}
      >
        {words.selfTest.run}
      </Button>
      <output>
        {result === 'running' && words.selfTest.running}
        {result && result !== 'running' && (
          <>
            <strong className={result.passed ? 'state state-ready' : 'state state-fault'}>
              {result.passed ? words.selfTest.passed : words.selfTest.failed}
            </strong>{' '}
            {faultWords(words.faults, result.detail)}
          </>
        )}
      </output>
    </div>
  );
}

function Item({ device, kiosk }: { readonly device: DeviceView; readonly kiosk: Kiosk }) {
  const language = useLanguage();
  const words = useWords();
  const say = words.devices;
  const identity = [
    [say.model, device.model],
    [say.serial, device.serial],
    [say.firmware, device.firmware],
  ].filter(([, value]) => value !== '');
  return (
    <li className="device">
      <div className="device-head">
        <h3>{roleName(device.role, words)}</h3>
        <span className={`state state-${device.state}`}>{say.states[device.state]}</span>
      </div>
      <SelfTest role={device.role} kiosk={kiosk} />
      <div className="device-body">
        <div>
          {identity.length > 0 && (
            <dl>
              {identity.map(([label, value]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>
                    <bdi>{value}</bdi>
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </div>
        <div>
          {device.fault && <p>{faultWords(words.faults, device.fault)}</p>}
          {device.mismatch && (
            <p className="mismatch">
              {fill(say.mismatch, { wanted: device.mismatch.wanted, found: device.mismatch.found.join('; ') })}
            </p>
          )}
          {device.health && <Standing health={device.health} />}
        </div>
        {device.health && <LatencyList latencies={device.health.latencies} />}
        <ul className="counters" aria-label={say.counters}>
          {Object.entries(device.counters).map(([name, value]) => (
            <li key={name}>
              <bdi>{name}</bdi> {figure(language, value)}
            </li>
          ))}
        </ul>
      </div>
    </li>
  );
}

/** The devices by role, how each stands, and its self-test. */
export function Devices({ devices, kiosk }: { readonly devices: readonly DeviceView[]; readonly kiosk: Kiosk }) {
  const say = useWords().devices;
  return (
    <section className="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      {devices.length === 0 ? (
        <p>{say.none}</p>
      ) : (
        <ul className="devices">
          {devices.map((device) => (
            <Item key={device.role} device={device} kiosk={kiosk} />
          ))}
        </ul>
      )}
    </section>
  );
}
