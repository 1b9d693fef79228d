/** Called by electron-builder on the packed folder: refuses a stand-in however it came there, and drops what is not ours. */
export default function afterPack(packed: { readonly appOutDir: string }): Promise<void>;
