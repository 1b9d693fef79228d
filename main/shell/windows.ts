import { BrowserWindow, type Session, type WebContents } from 'electron';
import type { Audience, WindowConfig } from '../config/config.ts';
import { guardKeys } from './keys.ts';
import { origin } from './pages.ts';
import { restartPolicy } from './restart.ts';

export interface WindowOptions {
  readonly audience: Audience;
  readonly config: WindowConfig;
  readonly session: Session;
  readonly preload: string;
  /** The page died and will be loaded again. */
  readonly onLost: () => void;
}

/** Opens the locked window of one audience: sandboxed, isolated, on its own page and never on another. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const { audience, config, session, preload } = options;
  const window = new BrowserWindow({
    width: config.widthPx,
    height: config.heightPx,
    useContentSize: true,
    x: config.x,
    y: config.y,
    kiosk: config.kiosk,
    frame: !config.kiosk,
    title: 'Limen',
    backgroundColor: '#f4f6f8',
    autoHideMenuBar: true,
    webPreferences: {
      session,
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      safeDialogs: true,
      disableDialogs: true,
      backgroundThrottling: false,
      devTools: config.devTools,
    },
  });
  window.removeMenu();
  lockDown(window.webContents);
  guardKeys(window.webContents, audience, config.keys);
  const address = `${origin}/${audience}.html`;
  reviveWhenDead(window, address, options.onLost);
  void window.loadURL(address).catch(() => {});
  return window;
}

/** No navigation, no new window, no embedded view, no zoom and no context menu. */
function lockDown(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('context-menu', (event) => event.preventDefault());
  contents.on('did-finish-load', () => void contents.setVisualZoomLevelLimits(1, 1).catch(() => {}));
}

/** Loads a page again that crashed, hangs or failed to load, with back-off. */
function reviveWhenDead(window: BrowserWindow, address: string, onLost: () => void): void {
  const policy = restartPolicy({ firstDelayMs: 250, longestDelayMs: 8000, deathsAllowed: 5, windowMs: 60_000 });
  const contents = window.webContents;
  let due: NodeJS.Timeout | undefined;
  const revive = () => {
    onLost();
    clearTimeout(due);
    due = setTimeout(() => {
      if (!window.isDestroyed()) void contents.loadURL(address).catch(() => {});
    }, policy.died(performance.now()).delayMs);
  };
  contents.on('render-process-gone', (_event, details) => {
    if (details.reason !== 'clean-exit') revive();
  });
  contents.on('did-fail-load', (_event, code, _description, _url, isMainFrame) => {
    const aborted = -3;
    if (isMainFrame && code !== aborted) revive();
  });
  window.on('unresponsive', () => contents.forcefullyCrashRenderer());
  window.on('closed', () => clearTimeout(due));
}
