/** The files of the named modules with all that they need ahead of them, by the texts of modules.dep and modules.builtin. */
export function loadOrder(names: readonly string[], dependencies: string, builtin: string): string[];
