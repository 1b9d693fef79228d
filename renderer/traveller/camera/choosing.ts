import type { CameraMatch, CameraRole, Cameras } from '../../../main/contract/camera.ts';

/** A camera that is plugged in, as the browser tells of it. */
export type NamedCamera = Pick<MediaDeviceInfo, 'deviceId' | 'label'>;

/** The USB ids that Chromium puts after a camera's name; undefined where it has none. */
export function usbIdsOf(label: string): { vendorId: number; productId: number } | undefined {
  const [, vendor, product] = /\(([0-9a-f]{4}):([0-9a-f]{4})\)\s*$/i.exec(label) ?? [];
  return vendor && product ? { vendorId: parseInt(vendor, 16), productId: parseInt(product, 16) } : undefined;
}

/** Whether a camera of that name is what a role asks for. */
export function fitsMatch({ label, vendorId, productId }: CameraMatch, name: string): boolean {
  const ids = usbIdsOf(name);
  return (
    (label === undefined || name.toLowerCase().includes(label.toLowerCase())) &&
    (vendorId === undefined || ids?.vendorId === vendorId) &&
    (productId === undefined || ids?.productId === productId)
  );
}

/** The camera for a role among those that are there, or why there is none. The document's camera is never the face's. */
export function chooseCamera(
  role: CameraRole,
  { face, document }: Cameras,
  present: readonly NamedCamera[],
): NamedCamera | 'camera.absent' | 'camera.unmatched' {
  if (present.length === 0) return 'camera.absent';
  const forDocument = document ? present.find(({ label }) => fitsMatch(document, label)) : undefined;
  if (role === 'document') return forDocument ?? 'camera.unmatched';
  const forFace = present.find((camera) => camera !== forDocument && (!face || fitsMatch(face, camera.label)));
  return forFace ?? 'camera.unmatched';
}

/** The cameras that are plugged in. */
export async function presentCameras(devices: Pick<MediaDevices, 'enumerateDevices'>): Promise<NamedCamera[]> {
  return (await devices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
}
