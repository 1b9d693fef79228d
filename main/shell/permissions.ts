import type { Session, WebContents } from 'electron';
import { origin } from './pages.ts';

/** Grants the camera (video only) to the one page given, and nothing to anyone else: no HID, USB, serial or Bluetooth. */
export function guardPermissions(session: Session, mayUseCamera: (contents: WebContents) => boolean): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const video = permission === 'media' && 'mediaTypes' in details && onlyVideo(details.mediaTypes);
    answer(video && mayUseCamera(contents) && details.requestingUrl.startsWith(`${origin}/`));
  });
  session.setPermissionCheckHandler((contents, permission, requestingOrigin, details) => {
    const ours = requestingOrigin === origin || requestingOrigin === `${origin}/`;
    return permission === 'media' && details.mediaType === 'video' && ours && !!contents && mayUseCamera(contents);
  });
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses);
}

const onlyVideo = (types: readonly string[] | undefined) => types?.length === 1 && types[0] === 'video';
