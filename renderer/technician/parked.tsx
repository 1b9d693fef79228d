import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Fault } from '../../main/contract/fault.ts';
import type { ParkedPacket, technician } from '../../main/contract/technician.ts';
import type { Client } from '../../main/contract/wire.ts';
import { useLanguage } from '../parts/language.ts';
import { fill } from '../words/phrase.ts';
import { ageFigure, bytesFigure, faultWords } from './figures.ts';
import { Heads } from './panels.tsx';
import { useWords } from './words.ts';

type Kiosk = Client<typeof technician>;

function Row({ packet, kiosk }: { readonly packet: ParkedPacket; readonly kiosk: Kiosk }) {
  const language = useLanguage();
  const words = useWords();
  const say = words.parked;
  const [fault, setFault] = useState('');
  const again = () => {
    setFault('');
    kiosk.unpark({ id: packet.id }).catch((error: unknown) => setFault(Fault.from(error).code));
  };
  return (
    <tr>
      <th scope="row">{say.lanes[packet.lane]}</th>
      <td className="packet-id">{packet.id}</td>
      <td>{packet.refusal ? faultWords(say.refusals, packet.refusal) : faultWords(words.faults, packet.fault)}</td>
      <td className="number">{bytesFigure(packet.bytes, language)}</td>
      <td className="number">{ageFigure(packet.ageSeconds, language)}</td>
      <td>
        <Button className="button button-small" aria-label={fill(say.againFor, { id: packet.id })} onPress={again}>
          {say.again}
        </Button>{' '}
        <output>{fault && faultWords(words.faults, fault)}</output>
      </td>
    </tr>
  );
}

/** Packets that were set aside, why, and another try for each. Nothing here tells of a traveller. */
export function ParkedPanel({ parked, kiosk }: { readonly parked: readonly ParkedPacket[]; readonly kiosk: Kiosk }) {
  const say = useWords().parked;
  return (
    <section className="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      <p>{say.text}</p>
      <table>
        <Heads of={[say.lane, say.id, say.why, say.size, say.age, say.action]} />
        <tbody>
          {parked.map((packet) => (
            <Row key={packet.id} packet={packet} kiosk={kiosk} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
