import { openServices } from '../../central/services.ts';
import { drawBiometrics } from '../sim/central/biometrics.ts';
import { exampleConfiguration } from '../sim/central/configuration.ts';
import { arrive, capture, crossing } from './arriving.ts';
import { openAt } from './place.ts';

// node arrivals-process.ts FILE KEY MODE COUNT [captured]: takes crossings in and kills itself where the mode says; `endless` waits for that.
const [file = '', key = '', mode = '', count = '0', captured] = process.argv.slice(2);
const database = await openAt(file, Buffer.from(key, 'hex'));
const { arrivals, settled } = await openServices({ database, configuration: exampleConfiguration() });
// It looks once what has come before: only then is it clear what each step takes.
await settled();
const die = () => process.kill(process.pid, 'SIGKILL');
const templates = captured && drawBiometrics(1, 1, ['right-index']);
const next = async () => {
  const came = crossing(1, '2026-05-10', `K${Math.random().toString(36).slice(2, 9).toUpperCase()}`);
  await arrive(database, came);
  if (templates) await arrive(database, capture(came, templates));
};

if (mode === 'endless') {
  console.log('begun');
  for (;;) {
    await next();
    await arrivals.advance();
  }
}
for (let i = 0; i < Number(count); i++) await next();
if (mode === 'between') die();
if (mode === 'within') {
  const run = database.run.bind(database);
  let steps = 0;
  // After the effects and before the commit of the second step.
  database.run = async (text, values) => {
    const changed = await run(text, values);
    if (text.startsWith('UPDATE ees_cursor') && ++steps === 2) die();
    return changed;
  };
}
await arrivals.advance();
die();
