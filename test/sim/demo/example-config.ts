/** A kiosk's configuration as a file would hold it: every window, the simulated devices, a central service on this machine. */
export function exampleConfig(at: { stateDir: string; credentials: string; centralPort: number }) {
  return {
    stateDir: at.stateDir,
    central: { url: `https://localhost:${at.centralPort}`, credentials: at.credentials },
    windows: [
      { audience: 'traveller', widthPx: 1080, heightPx: 1920, kiosk: false },
      { audience: 'guard', widthPx: 1280, heightPx: 800, kiosk: false },
      { audience: 'technician', widthPx: 1280, heightPx: 800, kiosk: false },
    ],
    devices: { fingerScanner: {}, documentReader: { serial: 'DR-0001' }, gate: { serial: 'GB-0001' } },
  };
}
