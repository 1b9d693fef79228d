import { config } from 'zod';

// The page's policy forbids code made from strings, which zod would try. To be imported before any schema.
config({ jitless: true });
