/** The folder of the Electron that development and tests run: the official one, else the stand-in. */
export function electronFolder(): string;

/** The development stand-in for Electron. */
export const standIn: { readonly folder: string };
