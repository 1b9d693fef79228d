import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Fault } from '../../main/contract/fault.ts';
import type { technician } from '../../main/contract/technician.ts';
import type { Client } from '../../main/contract/wire.ts';
import { technicianEn as words } from '../words/technician-en.ts';
import { faultWords } from './figures.ts';
import { Facts } from './panels.tsx';

/** Has the log of the kiosk's doings written to a file, and shows where it is and by which key it is proven. */
export function LogPanel({ kiosk }: { readonly kiosk: Client<typeof technician> }) {
  const say = words.log;
  const [written, setWritten] = useState<{ file: string; key: string }>();
  const [fault, setFault] = useState('');
  const write = () => {
    setFault('');
    setWritten(undefined);
    kiosk.exportLog().then(setWritten, (error: unknown) => setFault(Fault.from(error).code));
  };
  return (
    <section className="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      <p>{say.text}</p>
      <Button className="button button-small" onPress={write}>
        {say.run}
      </Button>
      <output>{fault && faultWords(words.faults, fault)}</output>
      {written && (
        <Facts
          facts={[
            [say.file, written.file],
            [say.key, written.key],
          ]}
        />
      )}
    </section>
  );
}
