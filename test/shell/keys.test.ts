import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayHear } from '../../main/shell/keys.ts';

const bare = { control: false, alt: false, meta: false };
const some = ['Tab', 'Enter', 'Space', 'F5', 'a', 'Escape', 'ArrowDown', 'Shift', 'Unidentified'];

test("a traveller's window hears no key of its own accord", () => {
  for (const key of some) assert.equal(mayHear('traveller', undefined, { key, ...bare }), key === 'Shift');
  assert.equal(mayHear('traveller', [], { key: 'Enter', ...bare }), false);
});

test('it hears the keys that are configured, and none with a modifier', () => {
  const keys = ['Tab', 'Space'] as const;
  assert.equal(mayHear('traveller', [...keys], { key: 'Tab', ...bare }), true);
  assert.equal(mayHear('traveller', [...keys], { key: ' ', ...bare }), true);
  assert.equal(mayHear('traveller', [...keys], { key: 'Enter', ...bare }), false);
  for (const modifier of ['control', 'alt', 'meta'])
    assert.equal(mayHear('traveller', [...keys], { key: 'Tab', ...bare, [modifier]: true }), false);
});

test("a guard's and a technician's window hear every key, unless keys are configured", () => {
  for (const audience of ['guard', 'technician'] as const) {
    assert.equal(mayHear(audience, undefined, { key: 'c', ...bare, control: true }), true);
    assert.equal(mayHear(audience, ['Tab'], { key: 'c', ...bare }), false);
  }
});
