import { programVersion } from '../root.ts';

/** The versions of what runs here: the program and its run time. */
export function softwareVersions(): Record<string, string> {
  const { electron, chrome, node } = process.versions as Record<string, string | undefined>;
  return {
    limen: programVersion,
    ...(electron && { electron }),
    ...(chrome && { chromium: chrome }),
    node: node ?? '',
  };
}
