import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCentralDatabase } from '../../../central/database.ts';
import { readDirectory } from '../../../central/directory.ts';
import { addDays } from '../../../central/ees/calendar.ts';
import { openServices } from '../../../central/services.ts';
import { root } from '../../../main/root.ts';
import { travellers } from './travellers.ts';

/** Gives a central that has not been started yet a portal, and registers that know the demonstration's travellers. */
export async function settleTravellers(directory: string): Promise<void> {
  copyFileSync(join(root, 'central/esp/example.json'), join(directory, 'esp.json'));
  const { file, storeKey, database: server, esp } = readDirectory(directory);
  const database = await openCentralDatabase(file, storeKey, server);
  const { registers } = await openServices({ database, ...(esp && { configuration: esp }) });
  const today = new Date().toISOString().slice(0, 10);
  for (const { document, alert } of travellers) {
    const { number, surname, givenNames, birthDate } = document;
    const paper = { number, issuingState: 'UTO' };
    const validUntil = addDays(today, 300);
    await registers.etias.decide({ reference: `ETIAS-${number}`, document: paper, validUntil, status: 'issued' });
    const identities = [{ surname, givenNames, birthDate }];
    if (alert) await registers.sis.enter({ ...alert, expiresOn: validUntil, identities, documents: [] });
  }
  await database.close();
}

/** How the demonstration's kiosk asks. */
export const askingSettings = {
  authority: 'border-police',
  purpose: 'border-check-entry',
  staffId: 'guard-7',
};
