import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { type Gate, launchGate, type LaunchOptions } from '../sim/demo/launch.ts';
import { Films } from '../sim/demo/props.ts';

interface Scene {
  readonly gate: Gate;
  readonly films: Films;
}

/** Tests of one file share a gate, started as `options` says. */
export function gateTest(options: Pick<LaunchOptions, 'size' | 'config' | 'patternCameras' | 'portal'> = {}) {
  return base.extend<object, { scene: Scene }>({
    scene: [
      // Playwright reads the names of the fixtures a fixture needs from this pattern.
      // oxlint-disable-next-line no-empty-pattern
      async ({}, use) => {
        const folder = mkdtempSync(join(tmpdir(), 'limen-e2e-'));
        const films = new Films(join(folder, 'films'));
        await films.show('freya');
        const gate = await launchGate({ folder: join(folder, 'gate'), cameraFile: films.cameraFile, ...options });
        await use({ gate, films });
        await gate.close();
        rmSync(folder, { recursive: true, force: true });
      },
      { scope: 'worker', timeout: 300_000 },
    ],
  });
}

/** Fails on any accessibility violation that axe finds on a page as it stands. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect(found, `accessibility of ${what}`).toEqual([]);
}
