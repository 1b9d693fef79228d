// First the page, which forbids zod to make code before any schema is made; then the kiosk of paper behind it.
await import('../parts/page.tsx');
/** The stand-in for the kiosk; loaded for what it does. */
export const standIn = await import('./stand-in.ts');
