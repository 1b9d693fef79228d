/** How many tests passed, failed and were skipped; undefined when the guest did not soundly say so. */
export function tallyOf(
  results: readonly string[],
  why: string,
  console: string,
): { readonly passed: number; readonly failed: number; readonly skipped: number } | undefined;
