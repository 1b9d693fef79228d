import type { DocumentFormat } from '../../../main/contract/document.ts';
import { stream } from '../finger/random.ts';
import { type Printed, writeMrz } from './mrz.ts';

/** A document to be drawn: what it says, and the lines of its machine readable zone. */
export interface PrintedDocument {
  readonly printed: Printed;
  readonly format: DocumentFormat;
  readonly lines: readonly string[];
}

const surnames =
  'Müller|Nguyễn|García López|O’Connor|Østergård|Åkesson|Şahin|Dvořák|Kowalczyk|Papadopoulou|Петров|Шевченко|Щербакова|Дзержинский|Бойко|محمد|الهاشمي|حسين|Smith|Van der Meer|de Souza Oliveira|Çelik|Ibrahim|Ó Briain|Horváth|Szczepański|Đorđević|Gröning-Weißmann|Þórsdóttir|Ramasubramanian|Li|Ng|Okonkwo|Mbatha|Tanaka|Kim|Rossi|D’Angelo|Saint-Exupéry|Bąk';
const givenNames =
  'Anna Maria|Jürgen|Søren|Zoë|José Luis|Иван|Наталья|Юрий Александрович|فاطمة|أحمد|خالد|Emily|Jean-Pierre|Łukasz|Björk|Chiamaka|Yuki|Seo-yeon|Q|Oğuz|Nikolaus Otto|Lucía|Wiktoria|Xavier|Mehmet Ali|Íris|Guðrún|Bartholomew Josiah|Eve|Ioannis|';
const states =
  'D|FRA|ITA|ESP|POL|ROU|NLD|SWE|DNK|FIN|PRT|GRC|CZE|HUN|AUT|IRL|GBR|USA|CAN|IND|CHN|UKR|TUR|MAR|EGY|NGA|BRA|JPN|KOR|CHE|ISL|NOR|SRB|ALB|UTO|RKS|GBD|XXA';
const codes: Readonly<Record<DocumentFormat, string>> = {
  TD1: 'I|ID|AC|C|IR|IP',
  TD2: 'I|ID|AC|IP',
  TD3: 'P|P|P|PD|PM|PO|PS',
  'MRV-A': 'V|VC|VN',
  'MRV-B': 'V|VC',
};
const today = { year: 2026, month: 11 };

/** A document that the seed determines, with names in several scripts and numbers as states make them. */
export function printDocument(format: DocumentFormat, seed: number): PrintedDocument {
  const random = stream(seed, 77);
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const pick = (list: string) => {
    const entries = list.split('|');
    return entries[whole(0, entries.length - 1)] ?? '';
  };
  const two = (value: number) => String(value).padStart(2, '0');
  const date = (year: number) => `${year}-${two(whole(1, 12))}-${two(whole(1, 28))}`;
  const make = (shape: string) =>
    shape.replaceAll(/[#@*]/g, (mark) => {
      const set =
        mark === '#' ? '0123456789' : mark === '@' ? 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' : '0123456789CFGHJKLMNPRTVWXYZ';
      return set.charAt(whole(0, set.length - 1));
    });
  const state = pick(states);
  const numbers = '@########|#########|@@#######|@@####@@|********|C********|@#######|##@@#####';
  const long = ['TD1', 'TD2'].includes(format) && random() < 0.15 ? '@@#########|###########' : numbers;
  const options = '|||####@####|##############|@@#########|###@##@|ZE######B';
  const room = { TD1: 11, TD2: 7, TD3: 14, 'MRV-A': 16, 'MRV-B': 8 }[format];
  const born = date(whole(1931, today.year - 2));
  const printed: Printed = {
    code: pick(codes[format]),
    issuingState: state,
    nationality: random() < 0.8 ? state : pick(states),
    number: make(pick(long)),
    surname: pick(surnames),
    givenNames: pick(givenNames),
    birthDate: random() < 0.03 ? born.slice(0, 4) : born,
    sex: random() < 0.48 ? 'M' : random() < 0.96 ? 'F' : 'X',
    expiryDate: date(whole(today.year + 1, today.year + 10)),
    optionalData: make(pick(options)).slice(0, room),
  };
  return { printed, format, lines: writeMrz(format, printed) };
}
