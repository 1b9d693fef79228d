/** What each command needs, in order. */
export const needs: Readonly<Record<string, readonly string[]>>;
