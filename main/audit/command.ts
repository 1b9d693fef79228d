import { createReadStream, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Fault } from '../contract/fault.ts';
import { keyText, readKeyText } from './note.ts';
import { readParts } from './log-file.ts';
import { type Finding, verifyLog, type Verdict } from './verification.ts';

/** How a command ended: 0 proven, 1 not as it was written, 2 it could not be looked at, 3 nothing amiss but not proven. */
export type ExitCode = 0 | 1 | 2 | 3;

const usage = 'usage: limen audit verify FILE [--key VKEY] [--checkpoint FILE] [--erased]';

/** `verify FILE`: looks through an exported log and says what is wrong first. `print` gets whole rows. */
export async function auditCommand(args: readonly string[], print: (row: string) => void): Promise<ExitCode> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: { type: 'string' }, checkpoint: { type: 'string' }, erased: { type: 'boolean', default: false } },
    });
    const [command, file, ...more] = positionals;
    if (command !== 'verify' || file === undefined || more.length > 0) throw new Fault('contract.breach', usage);
    const against = {
      ...(values.key !== undefined && { key: readKeyText(values.key) }),
      ...(values.checkpoint !== undefined && { kept: readFileSync(values.checkpoint, 'utf8') }),
    };
    const verdict = await verifyLog(readParts(createReadStream(file)), against);
    const doubts = doubtsOf(verdict, { keyed: 'key' in against, erased: values.erased });
    print(rowOf(verdict));
    for (const doubt of doubts) print(`not proven: ${doubt}`);
    if (verdict.finding) return 1;
    return doubts.length > 0 ? 3 : 0;
  } catch (error) {
    const { code, message } = Fault.from(error, 'audit.malformed');
    print(error instanceof Fault ? `${code}: ${message}` : message);
    return 2;
  }
}

function rowOf({ key, before, lines, checkpoints, finding }: Verdict): string {
  if (finding) return `altered: ${describe(finding)}`;
  const span = lines === 0 ? 'no lines' : `lines ${before + 1} to ${before + lines}`;
  return `whole: ${key.name}, ${span}, ${checkpoints} checkpoints, key ${keyText(key)}`;
}

function describe({ what, line, through }: Finding): string {
  return through === undefined ? `line ${line}: ${what}` : `lines ${line} to ${through}: ${what}`;
}

/** Why a log in which nothing is amiss is not proven all the same. */
function doubtsOf(
  { finding, uncovered, checkpoints, keptTooOld, erased }: Verdict,
  given: { keyed: boolean; erased: boolean },
): string[] {
  if (finding) return [];
  return [
    ...(given.keyed ? [] : ["the key is the file's own; give --key with one that came another way"]),
    ...(uncovered > 0 || checkpoints === 0 ? [`${uncovered} lines after the last checkpoint`] : []),
    ...(keptTooOld ? ['the checkpoint is older than the beginning of the file'] : []),
    ...(erased > 0 && !given.erased ? [`${erased} lines were erased; --erased takes that as in order`] : []),
  ];
}
