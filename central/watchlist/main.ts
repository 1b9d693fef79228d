import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Fault } from '../../main/contract/fault.ts';
import { firstOfEpoch, Root, Targets } from '../../main/publication/metadata.ts';
import { readSigned } from '../../main/publication/signed-file.ts';
import { readEspConfiguration } from '../esp/configuration.ts';
import { ListFolder } from './list-folder.ts';
import { makeVersion, newestWhole } from './list-making.ts';
import { readChange } from './list-change.ts';
import {
  approve,
  bytesOf,
  type Draft,
  draftTargets,
  filesOf,
  publishRoot,
  publishSnapshot,
  publishTargets,
  signed,
} from './publishing.ts';
import { draftRoot } from './root-drafting.ts';

const usage = `usage: node central/watchlist/main.ts COMMAND
  new-key --out FILE                          makes a key pair: FILE (private) and FILE.pub
  draft-root --dir DIR --out FILE             the next root, to be signed: each role's keys by
      --root PUB... --targets PUB... --approver PUB... --snapshot PUB --timestamp PUB
      [--root-threshold N] [--targets-threshold N] [--approver-threshold N] [--percent N] [--new-epoch]
  sign --key FILE --file FILE                 adds a signature to a root or to targets
  publish-root --dir DIR --file FILE
  make --dir DIR --changes FILE --out FILE    the next version of the list, its targets to be approved and signed
  approve --key FILE --file FILE --name NAME  adds an approver's signature for one file of the list
  publish --dir DIR --file FILE
  refresh --dir DIR                           signs snapshot and timestamp anew
A published list lies in DIR/watchlist, with snapshot.key and timestamp.key; private keys of root, targets and approvers are used
on machines that are not online. See docs/watchlist.md.`;

const many = { type: 'string', multiple: true, default: [] as string[] } as const;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: 'string', default: '' },
    out: { type: 'string', default: '' },
    file: { type: 'string', default: '' },
    key: { type: 'string', default: '' },
    name: { type: 'string', default: '' },
    changes: { type: 'string', default: '' },
    root: many,
    targets: many,
    approver: many,
    snapshot: many,
    timestamp: many,
    'root-threshold': { type: 'string', default: '1' },
    'targets-threshold': { type: 'string', default: '1' },
    'approver-threshold': { type: 'string', default: '1' },
    percent: { type: 'string', default: '5' },
    'new-epoch': { type: 'boolean', default: false },
  },
});

const privateKey = (file: string) => createPrivateKey(readFileSync(file));
const publicKey = (file: string) => createPublicKey(readFileSync(file));
const folder = () => new ListFolder(join(values.dir, 'watchlist'));
const onlineKeys = () => ({
  snapshot: privateKey(folder().file('snapshot.key')),
  timestamp: privateKey(folder().file('timestamp.key')),
});
const put = (draft: Draft<unknown>) => writeFileSync(values.out || values.file, bytesOf(draft));
const rootDraft = (): Draft<Root> => readSigned(readFileSync(values.file), Root);
const targetsDraft = (): Draft<Targets> => readSigned(readFileSync(values.file), Targets);

const commands: Readonly<Record<string, readonly [needs: readonly (keyof typeof values)[], run: () => unknown]>> = {
  'new-key': [
    ['out'],
    () => {
      const pair = generateKeyPairSync('ed25519');
      const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' });
      writeFileSync(values.out, pem, { mode: 0o600, flag: 'wx' });
      writeFileSync(`${values.out}.pub`, pair.publicKey.export({ format: 'pem', type: 'spki' }), { flag: 'wx' });
    },
  ],
  'draft-root': [
    ['dir', 'out', 'root', 'targets', 'approver', 'snapshot', 'timestamp'],
    () =>
      put(
        draftRoot(folder().roots().at(-1)?.signed, Date.now(), {
          root: values.root.map(publicKey),
          targets: values.targets.map(publicKey),
          approvers: values.approver.map(publicKey),
          snapshot: values.snapshot.map(publicKey),
          timestamp: values.timestamp.map(publicKey),
          thresholds: {
            root: Number(values['root-threshold']),
            targets: Number(values['targets-threshold']),
            approvers: Number(values['approver-threshold']),
          },
          largeChangePercent: Number(values.percent),
          newEpoch: values['new-epoch'],
        }),
      ),
  ],
  sign: [
    ['key', 'file'],
    () => {
      const { signed: either } = JSON.parse(readFileSync(values.file, 'utf8')) as { signed: { _type: string } };
      const draft = either._type === 'root' ? rootDraft() : targetsDraft();
      put(signed<unknown>(draft, privateKey(values.key)));
    },
  ],
  'publish-root': [['dir', 'file'], () => publishRoot(folder(), rootDraft())],
  make: [
    ['dir', 'changes', 'out'],
    async () => {
      const before = filesOf(folder());
      const { epoch } = folder().root().signed['x-limen'];
      const version = Math.max((newestWhole(before)?.[1].custom.to ?? 0) + 1, firstOfEpoch(epoch));
      const esp = join(values.dir, 'esp.json');
      const kinds = existsSync(esp) ? readEspConfiguration(readFileSync(esp, 'utf8')).alerts : {};
      async function* operations() {
        for await (const line of createInterface(createReadStream(values.changes)))
          if (line.trim()) yield readChange(line, kinds);
      }
      const made = await makeVersion({
        folder: folder(),
        before,
        operations: operations(),
        version,
        madeAt: new Date(),
      });
      put(draftTargets(folder().targets(), made, Date.now()));
      for (const [name, { length, custom }] of Object.entries(made.files))
        console.log(JSON.stringify({ name, length, operations: custom.operations, count: custom.count }));
    },
  ],
  approve: [['key', 'file', 'name'], () => put(approve(targetsDraft(), values.name, privateKey(values.key)))],
  publish: [['dir', 'file'], () => publishTargets(folder(), targetsDraft(), onlineKeys(), Date.now())],
  refresh: [
    ['dir'],
    () => {
      const targets = folder().targets();
      if (targets) publishSnapshot(folder(), targets, onlineKeys(), Date.now());
    },
  ],
};

const [name = '', ...more] = positionals;
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (!command || more.length > 0 || command[0].some((need) => values[need]?.valueOf().toString() === '')) {
  console.error(usage);
  process.exit(2);
}
try {
  await command[1]();
} catch (error) {
  const { code, message } = Fault.from(error, 'config.invalid');
  console.error(`${code}: ${message}`);
  process.exit(1);
}
