import { readFileSync } from 'node:fs';
import { type EspConfiguration, readEspConfiguration } from '../../../central/esp/configuration.ts';

/** The example configuration of the portal, changed where a test wants it so. */
export function exampleConfiguration(more: Partial<EspConfiguration> = {}): EspConfiguration {
  const file = new URL('../../../central/esp/example.json', import.meta.url);
  return { ...readEspConfiguration(readFileSync(file, 'utf8')), ...more };
}
