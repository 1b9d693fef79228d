import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { DeviceView, technician } from '../../main/contract/technician.ts';
import type { Client } from '../../main/contract/wire.ts';
import { fill, figure } from '../words/phrase.ts';
import { technicianEn as words } from '../words/technician-en.ts';
import { Fault } from '../../main/contract/fault.ts';
import { faultWords } from './figures.ts';

type Kiosk = Client<typeof technician>;
type Result = Awaited<ReturnType<Kiosk['selfTest']>>;

function roleName(role: string): string {
  return words.devices.roles[role] ?? role;
}

function SelfTest({ role, kiosk }: { readonly role: string; readonly kiosk: Kiosk }) {
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
        aria-label={fill(words.selfTest.runFor, { role: roleName(role) })}
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

function Row({ device, kiosk }: { readonly device: DeviceView; readonly kiosk: Kiosk }) {
  const counters = Object.entries(device.counters);
  return (
    <tr>
      <th scope="row">{roleName(device.role)}</th>
      <td>
        <span className={`state state-${device.state}`}>{words.devices.states[device.state]}</span>
        {device.fault && <p>{faultWords(words.faults, device.fault)}</p>}
        {device.mismatch && (
          <p className="mismatch">
            {fill(words.devices.mismatch, { wanted: device.mismatch.wanted, found: device.mismatch.found.join('; ') })}
          </p>
        )}
      </td>
      <td className="model">{device.model}</td>
      <td>{device.serial}</td>
      <td>{device.firmware}</td>
      <td>
        <ul className="counters">
          {counters.map(([name, value]) => (
            <li key={name}>
              {name} {figure('en-GB', value)}
            </li>
          ))}
        </ul>
      </td>
      <td>
        <SelfTest role={device.role} kiosk={kiosk} />
      </td>
    </tr>
  );
}

/** The devices by role, how each stands, and its self-test. */
export function Devices({ devices, kiosk }: { readonly devices: readonly DeviceView[]; readonly kiosk: Kiosk }) {
  const say = words.devices;
  const heads = [say.role, say.state, say.model, say.serial, say.firmware, say.counters, say.test];
  return (
    <section className="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      {devices.length === 0 ? (
        <p>{say.none}</p>
      ) : (
        <table>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {devices.map((device) => (
              <Row key={device.role} device={device} kiosk={kiosk} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
