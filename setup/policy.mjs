import { limenCommand } from '../main/limen.ts';

// What `limen policy` of a package does, from a checkout.
process.exitCode = await limenCommand(['policy', ...process.argv.slice(2)], (row) => console.log(row));
