import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKnownState, unknownStates } from '../../main/document/states.ts';
import { readMrz } from '../../main/document/mrz.ts';

test('the codes of Doc 9303 are known: those of countries, Germany’s, and those that are no country’s', () => {
  const known = 'D FRA USA GBR GBD GBN GBO GBP GBS UNO UNA UNK XBA XCC XCO XEC XOM XPO XXA XXB XXC XXX EUE RKS UTO';
  for (const code of known.split(' ')) assert.ok(isKnownState(code), code);
  for (const code of ['', 'DEU', 'D<<', 'FR', 'F', 'GBA', 'XXD', 'XYZ', 'ZZZ', 'fra'])
    assert.ok(!isKnownState(code), code);
});

test('of a document those codes are named that no list knows, and a nationality left out is not one', () => {
  const lines = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];
  const reading = readMrz(lines, '2026-11-25');
  assert.ok(reading.kind === 'read');
  const unknown = (issuingState: string, nationality: string) =>
    unknownStates({ ...reading.document, issuingState, nationality });
  assert.deepEqual(unknown('UTO', 'D'), []);
  assert.deepEqual(unknown('UTO', ''), []);
  assert.deepEqual(unknown('QQQ', 'FRA'), ['issuingState']);
  assert.deepEqual(unknown('QQQ', 'DEU'), ['issuingState', 'nationality']);
});
