import { defineConfig } from '@playwright/test';

/**
 * End-to-end tests in the product's own windows: one gate at a time, since each has a real core, central and camera. Waits are
 * for what must happen, not for how fast: their bounds suit a machine several times slower than any they should run on.
 */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '*.e2e.ts',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 300_000,
  expect: { timeout: 60_000 },
  outputDir: 'test-results',
  reporter: [['list'], ['./test/e2e/tally-reporter.ts']],
});
