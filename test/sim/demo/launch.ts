import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import type { Audience } from '../../../main/config/config.ts';
import type { ListOperation } from '../../../main/contract/watchlist.ts';
import { root } from '../../../main/root.ts';
import { electronFolder } from '../../../setup/electron.mjs';
import { Publisher } from '../list/publisher.ts';
import { createPki } from '../pki/pki.ts';
import { type CentralProcess, startCentral } from './central-process.ts';
import { connectControl, type Control } from '../control.ts';
import { type Passage, openPassage } from '../passage.ts';
import { exampleConfig } from './example-config.ts';
import { askingSettings, settleTravellers } from './registers.ts';

/** A gate at work: the product's shell, core and pages, with simulated devices and a real central service. */
export interface Gate {
  readonly app: ElectronApplication;
  readonly traveller: Page;
  readonly guard: Page;
  readonly technician: Page;
  readonly control: Control;
  readonly central: CentralProcess;
  /** Those who publish the watchlist that central serves, where one is. */
  readonly publisher?: Publisher | undefined;
  /** The way to central's portal, where the kiosk asks it. */
  readonly portal?: Passage | undefined;
  /** For central/records.ts --dir. */
  readonly centralFolder: string;
  readonly stateDir: string;
  /** Every folder and file that the kiosk can have written to: state, profile, temporary files, home, working folder, output. */
  readonly places: readonly string[];
  /** The file that Chromium's fake camera plays; replaced between travellers. */
  readonly cameraFile: string;
  /** Connects again to the simulated devices after the core was restarted. */
  reconnect(): Promise<Control>;
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** An empty folder for everything the gate writes. */
  readonly folder: string;
  readonly cameraFile: string;
  /** So many cameras with test pictures instead of the one that plays the file. */
  readonly patternCameras?: number;
  /** Size of the traveller's window. */
  readonly size?: { readonly widthPx: number; readonly heightPx: number };
  /** Whether central has registers and a portal, and the kiosk asks them. */
  readonly portal?: boolean;
  /** The watchlist that central serves from the start. */
  readonly list?: readonly ListOperation[];
  /** Overrides of the configuration. */
  readonly config?: object;
}

/** Starts central, then the kiosk in Electron, and waits until its pages are up and its devices ready. */
export async function launchGate(options: LaunchOptions): Promise<Gate> {
  const { folder, cameraFile, size = { widthPx: 1080, heightPx: 1920 } } = options;
  const stateDir = join(folder, 'state');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pki = await createPki(join(folder, 'pki'), { kiosks: ['gate-1'] });
  if (options.portal) await settleTravellers(pki.central);
  const publisher = options.list && new Publisher(join(pki.central, 'watchlist'));
  if (publisher) {
    writeFileSync(join(pki.kiosks['gate-1']!, 'list-root.json'), publisher.firstRoot);
    await publisher.publish(options.list!);
  }
  const central = await startCentral(pki.central);
  const portal = options.portal ? await openPassage(() => central.port) : undefined;
  const config = exampleConfig({ stateDir, credentials: pki.kiosks['gate-1']!, centralPort: central.port });
  Object.assign(config.windows[0]!, size);
  const search = portal && { search: { url: `https://localhost:${portal.port}`, ...askingSettings } };
  const configFile = join(folder, 'kiosk.json');
  writeFileSync(configFile, JSON.stringify({ ...config, ...search, ...options.config }, null, 2));
  const controlSocket = join(folder, 'control');
  const [profile, temporary, home, work] = ['profile', 'tmp', 'home', 'work'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const made of [temporary, home, work]) mkdirSync(made);
  const output = join(folder, 'output');

  // Playwright asks the electron package where Electron lies. Told by `executablePath` it would not hold the windows back
  // until it has connected, and a window that opens meanwhile can leave it waiting for ever.
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = electronFolder();
  const app = await _electron.launch({
    args: [
      join(root, 'dist/demo/shell.js'),
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${profile}`,
      ...(options.patternCameras === undefined
        ? ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${cameraFile}`]
        : [`--use-fake-device-for-media-stream=device-count=${options.patternCameras}`]),
      '--force-device-scale-factor=1',
      '--disable-gpu',
    ],
    cwd: work,
    env: {
      ...environment(),
      HOME: home,
      TMPDIR: temporary,
      LIMEN_CONFIG: configFile,
      LIMEN_DEMO_CONTROL: controlSocket,
    },
  });
  const { stdout, stderr } = app.process();
  for (const stream of [stdout, stderr]) stream?.on('data', (part: Buffer) => appendFileSync(output, part));
  if (process.env['LIMEN_VERBOSE']) stderr?.pipe(process.stderr);
  const reconnect = () => retried(() => connectControl(controlSocket));
  const [traveller, guard, technician] = await Promise.all(
    (['traveller', 'guard', 'technician'] as const).map((audience) => pageOf(app, audience)),
  );
  let control = await reconnect();
  return {
    app,
    central,
    publisher,
    portal,
    centralFolder: pki.central,
    stateDir,
    places: [stateDir, profile, temporary, home, work, output],
    cameraFile,
    traveller: traveller!,
    guard: guard!,
    technician: technician!,
    get control() {
      return control;
    },
    async reconnect() {
      control.close();
      control = await reconnect();
      return control;
    },
    async close() {
      control.close();
      await app.close();
      portal?.shut();
      await central.down();
    },
  };
}

/** The page of an audience, once its window is there. */
async function pageOf(app: ElectronApplication, audience: Audience): Promise<Page> {
  const find = () => app.windows().find((page) => page.url().endsWith(`/${audience}.html`));
  const page = await retried(async () => find() ?? Promise.reject(new Error(`no ${audience} window`)));
  await page.waitForLoadState();
  return page;
}

/** Tries again for as long as a start may take on a slow machine. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 300; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined)) as Record<string, string>;
