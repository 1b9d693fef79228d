import { mkdirSync, writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Writes how many tests passed and failed, for the closing line of the test run. */
export default class TallyReporter implements Reporter {
  #passed = 0;
  #failed = 0;

  onTestEnd(_test: TestCase, result: TestResult): void {
    if (result.status === 'passed') this.#passed += 1;
    else if (result.status !== 'skipped') this.#failed += 1;
  }

  onEnd(): void {
    mkdirSync('.cache', { recursive: true });
    writeFileSync('.cache/window-tests.json', JSON.stringify({ passed: this.#passed, failed: this.#failed }));
  }

  printsToStdio(): boolean {
    return false;
  }
}
