import type { Input, WebContents } from 'electron';
import type { Audience, WindowConfig } from '../config/config.ts';

type Pressed = Pick<Input, 'key' | 'control' | 'alt' | 'meta'>;

/**
 * Whether a window may hear a key. Chromium cannot tell which device pressed it, and any USB device may claim to be a
 * keyboard: a traveller's window hears no key that the configuration does not name, and none with a modifier but shift.
 */
export function mayHear(audience: Audience, keys: WindowConfig['keys'], { key, control, alt, meta }: Pressed): boolean {
  if (!keys && audience !== 'traveller') return true;
  if (control || alt || meta) return false;
  return key === 'Shift' || (keys ?? []).some((allowed) => allowed === (key === ' ' ? 'Space' : key));
}

/** Keeps all other keys from the page, and from Chromium's own shortcuts. */
export function guardKeys(contents: WebContents, audience: Audience, keys: WindowConfig['keys']): void {
  contents.on('before-input-event', (event, input) => {
    if (!mayHear(audience, keys, input)) event.preventDefault();
  });
}
