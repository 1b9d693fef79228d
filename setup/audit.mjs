import { limenCommand } from '../main/limen.ts';

// What `limen audit` of a package does, from a checkout.
process.exitCode = await limenCommand(['audit', ...process.argv.slice(2)], (row) => console.log(row));
