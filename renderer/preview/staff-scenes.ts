import type { Findings } from '../../main/contract/findings.ts';
import type { Case, GateView, Notice, Present, SearchStatus } from '../../main/contract/guard.ts';
import type { RgbImage } from '../../main/contract/image.ts';
import type { Diagnostics } from '../../main/contract/technician.ts';

/** A drawn stand-in for a face. */
function figure(widthPx: number, heightPx: number, tint: number): RgbImage {
  const pixels = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const across = x / widthPx - 0.5;
      const head = (across / 0.22) ** 2 + ((y / heightPx - 0.42) / 0.26) ** 2 < 1;
      const shoulders = y / heightPx > 0.74 + across ** 2;
      pixels.set(
        head ? [222, 184, 160] : shoulders ? [40, 60, 90 + tint] : [200, 212, 220 + tint / 4],
        (y * widthPx + x) * 3,
      );
    }
  }
  return { widthPx, heightPx, pixels };
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** What systems say of a traveller who was here before and has an alert; one of them does not answer. */
const findings: Findings = {
  rung: 'direct',
  ended: true,
  sources: [
    {
      source: 'EES',
      state: 'complete',
      by: 'direct',
      hits: [
        {
          source: 'EES',
          kind: 'HIT',
          action: 'check-overstay',
          facts: {
            reference: 'EES-204418',
            usedDays: 94,
            daysLeft: 0,
            overBy: 4,
            unlawfulDays: 6,
            insideSince: '2026-08-23',
            authorisedUntil: '2026-11-20',
            refusals: 0,
            incomplete: false,
          },
        },
      ],
    },
    {
      source: 'VIS',
      state: 'complete',
      by: 'direct',
      hits: [
        {
          source: 'VIS',
          kind: 'HIT',
          action: 'visa-valid',
          facts: { sticker: 'UTO004417', validFrom: '2026-01-01', validUntil: '2026-12-31', days: 90, entries: 'many' },
        },
      ],
    },
    { source: 'ETIAS', state: 'complete', by: 'direct', hits: [] },
    {
      source: 'SIS',
      state: 'partial',
      by: 'direct',
      hits: [{ source: 'SIS', kind: 'SILENT_HIT', action: 'inquiry-check', facts: { reference: 'SIS-UTO-88121' } }],
    },
    { source: 'SLTD', state: 'unavailable', by: 'direct', since: '2026-11-25T08:12:00.000Z', hits: [] },
    { source: 'CIR', state: 'waiting', by: 'direct', hits: [] },
  ],
};

export const present = (): Present => ({
  crossingId: '01980000-0000-7000-8000-000000000009',
  findings: {
    rung: 'portal',
    ended: false,
    sources: findings.sources.map((each, index) =>
      index < 3 ? { ...each, by: 'portal' } : { source: each.source, state: 'waiting', by: 'portal', hits: [] },
    ),
  },
});

export const notices = (): Notice[] => [
  {
    id: '01980000-0000-7000-8000-00000000000a',
    crossingId: '01980000-0000-7000-8000-000000000008',
    at: minutesAgo(3),
    kind: 'discreet',
    name: 'SMITH, JOHN WINSTON',
    hit: { source: 'SIS', kind: 'SILENT_HIT', action: 'discreet-check', facts: { reference: 'SIS-UTO-88007' } },
  },
];

export const searchStatus = (scene: string): SearchStatus => ({
  configured: true,
  rung: scene === 'manual' ? 'manual' : scene === 'present' ? 'portal' : 'direct',
  since: minutesAgo(9),
});

/** Travellers who do not exist (ICAO's Utopia), referred for different reasons. */
export function cases(): Case[] {
  return [
    {
      crossingId: '01980000-0000-7000-8000-000000000001',
      referredAt: minutesAgo(1),
      reasons: [
        { code: 'portal-silent-hit', detail: 'SIS', alert: 'SIS-UTO-88121' },
        { code: 'portal-unavailable', detail: 'SLTD' },
        { code: 'face-mismatch', score: 0.3127, threshold: 0.42, detail: 'face' },
        { code: 'challenge-not-passed' },
        { code: 'watchlist-name', score: 0.94, threshold: 0.9, alert: 'UTO-2026-004417', listVersion: '2026-11-24.3' },
      ],
      document: {
        format: 'TD3',
        code: 'P',
        issuingState: 'UTO',
        number: 'L898902C3',
        surname: 'ERIKSSON',
        givenNames: 'ANNA MARIA',
        nationality: 'UTO',
        birthDate: '1974-08-12',
        sex: 'F',
        expiryDate: '2032-04-15',
        optionalData: '',
        lines: ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F3204159ZE184226B<<<<<10'],
      },
      portrait: figure(240, 320, 0),
      live: figure(640, 480, 60),
      findings,
      falseMatchRate: 0.0019,
      challenge: {
        passed: false,
        steps: (['centre', 'turn-left', 'centre', 'turn-right'] as const).map((prompt, index) => ({
          prompt,
          measured: 0.2,
          needed: 0.12,
          image: figure(240, 320, index * 20),
        })),
      },
    },
    {
      crossingId: '01980000-0000-7000-8000-000000000002',
      referredAt: minutesAgo(4),
      reasons: [{ code: 'document-unreadable' }],
    },
    {
      crossingId: '01980000-0000-7000-8000-000000000003',
      referredAt: minutesAgo(11),
      reasons: [{ code: 'document-expired' }, { code: 'finger-not-captured', detail: 'right-index' }],
      document: {
        format: 'TD1',
        code: 'I',
        issuingState: 'UTO',
        number: 'D23145890',
        surname: 'VAN DER MEULEN BALASUBRAMANIAN',
        givenNames: 'MAXIMILIAN ALEXANDER',
        nationality: 'UTO',
        birthDate: '1991-06',
        sex: 'X',
        expiryDate: '2025-01-31',
        optionalData: '',
        lines: ['I<UTOD231458907<<<<<<<<<<<<<<<', '9106<<1<2501315UTO<<<<<<<<<<<6', 'VAN<DER<MEULEN<BALASUBRAMANIAN'],
      },
      portrait: figure(240, 320, 20),
    },
  ];
}

export const gate: GateView = { door: 'closed', stage: 'referred', uplink: 'offline', queued: 12, list: 'unconfirmed' };

export const diagnostics: Diagnostics = {
  devices: [
    {
      role: 'document',
      model: 'Page reader',
      serial: 'PR-00412',
      firmware: '2.8.1',
      state: 'ready',
      fault: '',
      counters: { reads: 18_214, retries: 402 },
    },
    {
      role: 'finger',
      model: 'FS-80',
      serial: 'A1B2C3',
      firmware: '1.4',
      state: 'fault',
      fault: 'device.protocol',
      counters: { captures: 9120 },
    },
    {
      role: 'face-camera',
      model: '',
      serial: '',
      firmware: '',
      state: 'absent',
      fault: 'camera.unmatched',
      counters: { frames: 81_200, dropped: 12, frozen: 0, black: 0, white: 0, resized: 0 },
      mismatch: {
        wanted: 'HD Webcam (046d:0825)',
        found: ['Integrated Camera (13d3:56a2)', 'Page Camera (0bda:5830)'],
      },
    },
    {
      role: 'document-camera',
      model: 'Page Camera (0bda:5830)',
      serial: '',
      firmware: '',
      state: 'fault',
      fault: 'camera.frozen',
      counters: { frames: 9120, dropped: 0, frozen: 41, black: 0, white: 0, resized: 1 },
    },
    { role: 'gate', model: 'Relay', serial: '7', firmware: '', state: 'busy', fault: '', counters: { openings: 8801 } },
  ],
  list: {
    standing: 'in-use',
    least: 418,
    copies: [
      {
        place: 'disk',
        where: 'limen.db.list-5f1c09a2b7d4e360',
        version: 418,
        alerts: 984_113,
        madeAt: '2026-11-24T06:00:00.000Z',
        expiresAt: '2026-11-26T06:00:00.000Z',
      },
      {
        place: 'memory',
        where: 'core',
        version: 418,
        alerts: 984_113,
        madeAt: '2026-11-24T06:00:00.000Z',
        expiresAt: '2026-11-26T06:00:00.000Z',
      },
      { place: 'draft', where: 'limen.db.list-09c2d18e44ab7f05' },
    ],
  },
  queue: {
    ready: 12,
    parked: 1,
    bytes: 1_843_200,
    oldestSeconds: 5025,
    delivered: 18_002,
    uplink: 'offline',
    lastFault: 'uplink.offline',
    admission: 'old',
    parkedPackets: [
      {
        id: '019ab3c5-7e00-7b1a-9c44-0d5be2f1a6c3',
        lane: 'biometrics',
        fault: 'uplink.refused',
        refusal: 'key-unknown',
        bytes: 1_204_880,
        ageSeconds: 267_000,
      },
      {
        id: '019ab3c6-01f4-7c02-8a2e-77f1c09d3b18',
        lane: 'records',
        fault: 'store.corrupt',
        refusal: '',
        bytes: 2214,
        ageSeconds: 4210,
      },
    ],
  },
  trust: {
    storeKey: 'file',
    rollback: 'unguarded',
    certificateUntilMs: Date.now() + 19 * 86_400_000,
    keysNumber: 41,
    keysIssuedAtMs: Date.now() - 36 * 86_400_000,
    keysHeardAtMs: Date.now() - 1_200_000,
    sealingUntilMs: Date.now() + 120 * 86_400_000,
    fault: 'keys.stale',
    warnings: ['store-key-in-file', 'store-unguarded', 'certificate-expiring'],
  },
  versions: { limen: '0.1.0', electron: '45.4.1', 'face model': 'mobile-0.1', watchlist: '2026-11-24.3' },
  measures: {
    'face-compare': { count: 8123, p50Ms: 41.2, p95Ms: 77.9 },
    'finger-extract': { count: 9120, p50Ms: 88, p95Ms: 141.25 },
    'watchlist-search': { count: 8123, p50Ms: 3.4, p95Ms: 9.1 },
  },
};
