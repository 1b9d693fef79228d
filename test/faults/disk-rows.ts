import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Accounting } from './accounting.ts';
import { compiled, type DiskFaults, freshFolder, withDisk } from './disk.ts';
import { drain, layOut, live } from './kill.ts';
import { startCentral, startKiosk } from './processes.ts';
import { findingOf, type Finding, type Length, type Row } from './row.ts';

type Mode = 'work' | 'early' | 'careless' | 'normal';

/** Kiosks, one after another on one disk, each under a fault of the disk that is drawn for it. */
async function tormentDisk(cycles: number, mode: Mode, draw: () => DiskFaults): Promise<Finding> {
  const field = await layOut();
  const central = await startCentral(field.pki.central);
  const workplace = { folder: field.folder, credentials: field.credentials, url: central.url };
  const accounting = new Accounting();
  let [fired, failed] = [0, 0];
  // The first one makes the file in peace.
  await live(startKiosk(workplace), accounting, 3);
  for (let cycle = 0; cycle < cycles; cycle++) {
    const kiosk = startKiosk(workplace, mode, withDisk(field.folder, draw()));
    const { code, signal } = await live(kiosk, accounting, 400);
    if (code === 3) failed++;
    if (code === 3 || signal === 'SIGKILL') fired++;
  }
  await drain(workplace);
  await central.kill();
  const account = await accounting.settle(field.pki.central);
  field.remove();
  return findingOf({ cycles, fired, failed, ...account }, ['lost', 'doubled', 'disordered']);
}

const isRoot = () => process.getuid?.() === 0;

/** Where neither loop devices nor mounts are to be had. */
function unableToMount(): string | undefined {
  if (!isRoot()) return 'needs root, for a loop device and a mount';
  return existsSync('/dev/loop-control') ? undefined : 'needs loop devices';
}

/** Cuts the power of the disk that kiosk and central are on, again and again. */
async function cutPower(cycles: number, mode: Mode, environment = {}): Promise<Finding> {
  const root = freshFolder();
  const [image, mount] = [join(root, 'image'), join(root, 'disk')];
  mkdirSync(mount);
  writeFileSync(image, '');
  truncateSync(image, 128 * 1024 * 1024);
  execFileSync('mkfs.ext4', ['-q', '-F', image]);
  const attach = () => execFileSync('mount', ['-o', 'loop', image, mount]);
  const detach = () => execFileSync('umount', ['--lazy', mount]);
  attach();
  try {
    const field = await layOut(mount);
    execFileSync('sync', ['-f', mount]);
    const central = await startCentral(field.pki.central, environment);
    const workplace = { folder: field.folder, credentials: field.credentials, url: central.url };
    const accounting = new Accounting();
    for (let cycle = 0; cycle < cycles; cycle++) {
      const kiosk = startKiosk(workplace, mode, environment);
      const enough = accounting.promised + randomInt(1, 40);
      await kiosk.go(accounting.hear);
      while (kiosk.alive && accounting.promised < enough) await new Promise((resolve) => setTimeout(resolve, 2));
      // Nobody lives on after a power cut: a sync that it meets half-way may say that it was done.
      kiosk.child.kill('SIGSTOP');
      central.freeze();
      execFileSync(compiled('power'), [mount]);
      kiosk.child.kill('SIGKILL');
      await Promise.all([kiosk.ended, central.kill()]);
      detach();
      attach();
      await central.start();
    }
    await drain(workplace);
    await central.kill();
    const account = await accounting.settle(field.pki.central);
    return findingOf({ cycles, ...account }, ['lost', 'doubled', 'disordered']);
  } finally {
    detach();
    rmSync(root, { recursive: true, force: true });
  }
}

/** As large as a log of changes may grow, and the changes themselves. */
const reserveBytes = 6 * 1024 * 1024;
const reserve = { LIMEN_FAULTS_RESERVE: String(reserveBytes) };

/** Fills a small disk to the last byte while central is away, then ships all of it with the disk still full. */
async function fillDisk(mode: Mode): Promise<Finding> {
  const root = freshFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', root]);
  const field = await layOut();
  try {
    const central = await startCentral(field.pki.central);
    await central.kill();
    const workplace = { folder: root, credentials: field.credentials, url: central.url };
    const accounting = new Accounting();
    // Little is left to fill; for the control there is nothing to put by.
    const { bavail: blocks, bsize } = statfsSync(root);
    const left = 512 * 1024 + (mode === 'careless' ? 0 : 2 * reserveBytes);
    writeFileSync(join(root, 'others'), new Uint8Array(blocks * bsize - left));
    const { code } = await live(startKiosk(workplace, mode, reserve), accounting, 1_000_000);
    try {
      writeFileSync(join(root, 'filler'), new Uint8Array(32 * 1024 * 1024));
    } catch {
      // Now it is full.
    }
    const { bavail } = statfsSync(root);
    // The control has used up what the kiosk keeps for this.
    if (mode === 'careless') execFileSync('mount', ['-o', 'remount,size=64m', root]);
    await central.start();
    await drain(workplace, reserve);
    await central.kill();
    const account = await accounting.settle(field.pki.central);
    return findingOf({ refused: Number(code === 4), freeBlocks: bavail, ...account }, [
      'lost',
      'doubled',
      'disordered',
    ]);
  } finally {
    execFileSync('umount', ['--lazy', root]);
    rmSync(root, { recursive: true, force: true });
    field.remove();
  }
}

/** Both settings that sync less than they must. */
async function cutPowerUnsynced(cycles: number): Promise<Finding> {
  const normal = await cutPower(cycles, 'normal');
  const off = await cutPower(Math.ceil(cycles / 2), 'work', withDisk('/', { syncLies: true }));
  const figures = {
    lostByNormal: normal.figures['lost']!,
    ofNormal: normal.figures['promised']!,
    lostByOff: off.figures['lost']!,
    ofOff: off.figures['promised']!,
  };
  return {
    figures,
    broken: figures.lostByNormal > 0 && figures.lostByOff > 0 ? [...normal.broken, ...off.broken] : [],
  };
}

const many = (short: number, long: number) => (length: Length) => (length === 'short' ? short : long);
const power = many(2, 200);
const torn = many(3, 60);
const syncs = many(3, 60);

/** Rows of what befalls a disk. */
export const disks: readonly Row[] = [
  {
    number: 2,
    fault: 'power cut, of kiosk and central at once',
    promise: 'nothing promised or receipted is lost, nothing is there twice',
    injection: 'EXT4_IOC_SHUTDOWN without a flush, on a loop device; then mounted again',
    control: 'synchronous = NORMAL at the kiosk, and a disk that only says that it syncs (OFF comes to the same)',
    unable: unableToMount,
    prove: (length) => cutPower(power(length), 'work'),
    disprove: (length) => cutPowerUnsynced(length === 'short' ? 2 : 20),
  },
  {
    number: 3,
    fault: 'torn write',
    promise: 'the store opens whole, nothing promised is lost',
    injection: 'a third of the nth write is put down, then SIGKILL (preloaded library)',
    control: 'a writer that promises before COMMIT',
    prove: (length) => tormentDisk(torn(length), 'work', () => ({ tornAt: randomInt(1, 250) })),
    disprove: (length) => tormentDisk(torn(length), 'early', () => ({ tornAt: randomInt(1, 250) })),
  },
  {
    number: 4,
    fault: 'disk full',
    promise: 'what has no room is not promised, what was promised drains on the full disk',
    injection: 'a small tmpfs filled while central is away',
    control: 'a writer that promises although the store refused',
    unable: () => (isRoot() ? undefined : 'needs root, for a mount'),
    prove: () => fillDisk('work'),
    disprove: () => fillDisk('careless'),
  },
  {
    number: 4,
    fault: 'no room now and then',
    promise: 'nothing promised is lost',
    injection: 'every nth write fails with ENOSPC (preloaded library)',
    control: 'a writer that promises although the store refused',
    prove: (length) => tormentDisk(torn(length), 'work', () => ({ fullEvery: randomInt(50, 400) })),
    disprove: (length) => tormentDisk(torn(length), 'careless', () => ({ fullEvery: randomInt(50, 200) })),
  },
  {
    number: 5,
    fault: 'a sync that fails (EIO)',
    promise: 'nothing is promised on it; the process ends, starts again and has all that was promised',
    injection: 'the nth sync fails, and what it should have written is gone (preloaded library)',
    control: 'a writer that promises all the same',
    prove: (length) => tormentDisk(syncs(length), 'work', () => ({ syncFailsAt: randomInt(5, 120) })),
    disprove: (length) => tormentDisk(syncs(length), 'careless', () => ({ syncFailsAt: randomInt(5, 120) })),
  },
];
