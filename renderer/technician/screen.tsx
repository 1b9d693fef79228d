import { technician } from '../../main/contract/technician.ts';
import type { Bridge } from '../bridge.ts';
import { useKiosk, useTold } from '../parts/told.ts';
import { StaffWindow } from '../parts/staff-window.tsx';
import { technicianWords } from '../words/staff-languages.ts';
import { CopiesPanel } from './copies.tsx';
import { Devices } from './devices.tsx';
import { FingerTrialPanel } from './finger-trial.tsx';
import { LogPanel } from './log.tsx';
import { ParkedPanel } from './parked.tsx';
import { MeasuresPanel, QueuePanel, VersionsPanel } from './panels.tsx';
import { TrustPanel } from './trust.tsx';
import { useWords } from './words.ts';

function Connecting() {
  const { title, text } = useWords().away;
  return (
    <div className="notice" aria-live="polite">
      <h2>{title}</h2>
      <p>{text}</p>
    </div>
  );
}

/** The technician's window: devices, outbox, measures, versions. Nothing here tells of a traveller. */
export function TechnicianScreen({ bridge }: { readonly bridge: Bridge }) {
  const [link, kiosk] = useKiosk(bridge, technician);
  const told = useTold(kiosk?.diagnostics);
  const shown = link.state === 'connected' && kiosk && told;
  return (
    <StaffWindow page="technician" words={technicianWords}>
      {shown ? (
        <main className="desk">
          <Devices devices={told.devices} kiosk={kiosk} />
          {told.devices.some(({ role }) => role === 'finger-scanner') && <FingerTrialPanel kiosk={kiosk} />}
          <div className="pair">
            <QueuePanel queue={told.queue} />
            <VersionsPanel versions={told.versions} />
          </div>
          <CopiesPanel list={told.list} />
          <TrustPanel trust={told.trust} />
          {told.queue.parkedPackets.length > 0 && <ParkedPanel parked={told.queue.parkedPackets} kiosk={kiosk} />}
          <LogPanel kiosk={kiosk} />
          <MeasuresPanel measures={told.measures} />
        </main>
      ) : (
        <main className="desk desk-empty">
          <Connecting />
        </main>
      )}
    </StaffWindow>
  );
}
