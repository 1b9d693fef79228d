import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  ipcMain,
  type IpcMainEvent,
  MessageChannelMain,
  type Session,
  session,
} from 'electron';
import type { Audience, KioskConfig } from '../config/config.ts';
import { type CoreProcess, startCore } from './core-process.ts';
import { declareScheme, servePages } from './pages.ts';
import { guardPermissions } from './permissions.ts';
import { openWindow } from './windows.ts';

export interface ShellOptions {
  readonly config: KioskConfig;
  /** Path of the core's entry; a demonstration brings one with simulated devices. */
  readonly coreEntry: string;
  readonly coreEnv: NodeJS.ProcessEnv;
  readonly preload: string;
  /** Folder of the built pages. */
  readonly pages: string;
}

/** The thin shell: windows, permissions, and the watch over the core. It sees no traveller data: pages talk to the core directly. */
export function openShell(options: ShellOptions): void {
  if (!app.requestSingleInstanceLock()) return app.exit(1);
  declareScheme();
  const unsandboxed = app.commandLine.hasSwitch('no-sandbox');
  if (unsandboxed && app.isPackaged) return app.exit(1);
  // Chromium cannot sandbox a root user: development containers start with --no-sandbox, a packaged kiosk never does.
  if (!unsandboxed) app.enableSandbox();
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(() => run(options));
}

function run({ config, coreEntry, coreEnv, preload, pages }: ShellOptions): void {
  const windows = new Map<Audience, BrowserWindow>();
  /** The pages that are up and have asked for the core. */
  const asking = new Set<Audience>();
  let outOfService = false;

  const ours: Session = session.fromPartition('limen', { cache: false });
  servePages(ours, pages);
  guardPermissions(ours, (contents) => contents === windows.get('traveller')?.webContents);
  ours.webRequest.onBeforeRequest({ urls: ['*://*/*', 'file://*/*', 'ws://*/*', 'wss://*/*'] }, (_details, answer) =>
    answer({ cancel: true }),
  );

  const core = startCore({
    entry: coreEntry,
    env: coreEnv,
    silenceMs: config.watchdog.silenceMs,
    onReady() {
      outOfService = false;
      for (const audience of asking) connectPage(core, audience, windows.get(audience));
    },
    onLost(givenUp) {
      outOfService = givenUp;
      if (!givenUp) return;
      for (const [audience, window] of windows) {
        if (asking.has(audience) && !window.isDestroyed()) window.webContents.send('limen:out-of-service');
      }
    },
  });

  ipcMain.on('limen:ready', (event) => {
    const audience = senderOf(event, windows);
    if (!audience) return;
    asking.add(audience);
    if (outOfService) event.sender.send('limen:out-of-service');
    connectPage(core, audience, windows.get(audience));
  });

  for (const window of config.windows) {
    const opened = openWindow({
      audience: window.audience,
      config: window,
      session: ours,
      preload,
      onLost: () => asking.delete(window.audience),
    });
    windows.set(window.audience, opened);
  }
  app.on('before-quit', () => core.stop());
}

/** Gives a page that asked for it a port to the core, which serves that audience on it and nothing else. */
function connectPage(core: CoreProcess, audience: Audience, window: BrowserWindow | undefined): void {
  if (!window || window.isDestroyed() || !core.ready) return;
  const { port1, port2 } = new MessageChannelMain();
  core.connect(audience, port1);
  window.webContents.postMessage('limen:port', null, [port2]);
}

/** Whose page sent this: its main frame on its own address, or nobody. */
function senderOf(event: IpcMainEvent, windows: ReadonlyMap<Audience, BrowserWindow>): Audience | undefined {
  for (const [audience, window] of windows) {
    const { mainFrame } = window.webContents;
    if (event.senderFrame === mainFrame && mainFrame.url === `limen://app/${audience}.html`) return audience;
  }
  return undefined;
}

/** Where the built program lies, seen from a bundle in `dist/<name>/`. */
export function builtFiles(dist: string): Pick<ShellOptions, 'preload' | 'pages'> {
  return { preload: join(dist, 'main', 'preload.cjs'), pages: join(dist, 'renderer') };
}
