import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FaceEmbedder } from '../contract/biometrics.ts';
import { Fault } from '../contract/fault.ts';
import type { Policy } from '../contract/policy.ts';
import { builtInPolicy } from './built-in-policy.ts';
import { calibrationsFor } from './calibrations.ts';
import { parsePolicy, readPolicy, signPolicy } from './policy.ts';
import { readRecorded } from './recorded.ts';
import { type Effects, type Rehearsal, rehearse } from './rehearsal.ts';

const usage = [
  'usage: policy check POLICY [--key policy.pem]',
  '       policy sign POLICY --key PRIVATE-KEY --out FILE',
  '       policy dry-run POLICY RECORDED.jsonl [--against POLICY] [--key policy.pem] [--face MODEL]',
].join('\n');

/**
 * `check` says whether a policy can be used, and else what is wrong; `sign` signs one with an Ed25519 key (PEM); `dry-run` says what it
 * would change in recorded crossings, against another or against the product's own. Policies are read as JSON, or signed with the
 * key of their maker. `print` gets whole rows. 0: done, 2: it could not be.
 */
export async function policyCommand(args: readonly string[], print: (row: string) => void): Promise<0 | 2> {
  try {
    const text = { type: 'string' } as const;
    const options = { key: text, out: text, against: text, face: text };
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [what, file, recorded] = positionals;
    if (file === undefined) throw new Fault('contract.breach', usage);
    const read = (from: string) => policyAt(from, values.key);
    if (what === 'check') {
      const { number, rules } = await read(file);
      print(`policy ${number} can be used: ${rules.length} rules`);
    } else if (what === 'sign' && values.key !== undefined && values.out !== undefined) {
      const jws = await signPolicy(parsePolicy(readFileSync(file, 'utf8')), createPrivateKey(readFileSync(values.key)));
      writeFileSync(values.out, `${jws}\n`, { flag: 'wx' });
      print(`signed: ${values.out}`);
    } else if (what === 'dry-run' && recorded !== undefined) {
      const face = FaceEmbedder.default('dlib-face-recognition-resnet').parse(values.face);
      const former = values.against === undefined ? builtInPolicy : await read(values.against);
      const crossings = readRecorded(readFileSync(recorded, 'utf8'));
      for (const row of rowsOf(rehearse(crossings, [former, await read(file)], calibrationsFor(face)))) print(row);
    } else throw new Fault('contract.breach', usage);
    return 0;
  } catch (error) {
    const { code, message } = Fault.from(error, 'policy.refused');
    print(code === 'contract.breach' ? message : `${code}: ${message}`);
    return 2;
  }
}

async function policyAt(file: string, keyFile: string | undefined): Promise<Policy> {
  const content = readFileSync(file, 'utf8');
  if (content.trimStart().startsWith('{')) return parsePolicy(content);
  if (keyFile === undefined) throw new Fault('policy.refused', `${file} is signed: give its maker's key with --key`);
  return readPolicy(content, createPublicKey(readFileSync(keyFile)));
}

function rowsOf({ crossings, strangers, before, after, categories }: Rehearsal): string[] {
  const rate = (count: number, of: number) => (of === 0 ? '-' : ((1000 * count) / of).toFixed(1));
  const change = (what: keyof Effects, of: number) => `${rate(before[what], of)} -> ${rate(after[what], of)}`;
  return [
    `${crossings} crossings, ${strangers} of travellers on no list`,
    `per 1,000 crossings: referred ${change('referred', crossings)}, noticed ${change('noticed', crossings)}`,
    `false alarms per 1,000 travellers on no list: ${change('falseAlarms', strangers)}`,
    ...[...categories]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(
        ([category, { about, before, after, lost, won }]) =>
          `${category}: ${about} on the list, found ${before.found} -> ${after.found} (lost ${lost}, won ${won}); ` +
          `referred ${before.referred} -> ${after.referred}, noticed ${before.noticed} -> ${after.noticed}, ` +
          `false alarms ${before.falseAlarms} -> ${after.falseAlarms}`,
      ),
  ];
}
