import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConfig, readConfig } from '../../main/config/config.ts';
import { exampleConfig } from '../sim/demo/example-config.ts';

const file = '/etc/limen/kiosk.json';

test('a short configuration is completed with defaults, and its paths are relative to the file', () => {
  const config = checkConfig(exampleConfig({ stateDir: 'state', credentials: 'keys', centralPort: 8443 }), file);
  assert.equal(config.stateDir, '/etc/limen/state');
  assert.equal(config.central.credentials, '/etc/limen/keys');
  assert.equal(config.journey.fingerPositions.length, 3);
  assert.equal(config.watchlist.maxAgeHours, 48);
});

test('each wrong setting is named in a line a technician understands', () => {
  const wrong = {
    ...exampleConfig({ stateDir: 's', credentials: 'k', centralPort: 1 }),
    journey: { warnMs: -5 },
    colour: 'red',
  };
  assert.throws(
    () => checkConfig(wrong, file),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, 'config.invalid');
      assert.match(error.message, /journey\.warnMs/);
      assert.match(error.message, /colour/);
      return true;
    },
  );
});

test('what may wait for central has bounds that a technician can set, and lines that say which', () => {
  const base = exampleConfig({ stateDir: 's', credentials: 'k', centralPort: 1 });
  assert.deepEqual(checkConfig(base, file).outbox, { maxMegabytes: 8192, maxAgeDays: 7 });
  const set = { maxMegabytes: 512, maxAgeDays: 2.5 };
  assert.deepEqual(checkConfig({ ...base, outbox: set }, file).outbox, set);
  assert.throws(() => checkConfig({ ...base, outbox: { maxMegabytes: 10, maxAgeDays: 0, maxRows: 1 } }, file), {
    message: [
      `${file} is not a valid configuration:`,
      'outbox.maxMegabytes: is 10, and must be 256 or more',
      'outbox.maxAgeDays: is 0, and must be 0.01 or more',
      'outbox.maxRows: there is no such setting; there are maxMegabytes, maxAgeDays',
    ].join('\n  '),
  });
});

test('a file that is not there or not JSON is one clear fault', () => {
  assert.throws(() => readConfig('/nowhere/kiosk.json'), { code: 'config.invalid' });
  assert.throws(() => readConfig(import.meta.filename), { code: 'config.invalid' });
});
