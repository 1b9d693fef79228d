import type { Row } from './row.ts';
export const herd = undefined as unknown as Row;
