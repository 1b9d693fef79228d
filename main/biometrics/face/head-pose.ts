import { landmark, type Landmarks, meshPoint } from './face-landmarks.ts';

/** How the head is turned, in degrees; 0, 0, 0 looks straight into the camera. */
export interface HeadPose {
  /** Positive to the person's left. */
  readonly yaw: number;
  /** Positive upwards. */
  readonly pitch: number;
  /** Positive clockwise in the picture. */
  readonly roll: number;
}

const degrees = 180 / Math.PI;

/** Reads the pose off the line between the cheeks and the one from forehead to chin. */
export function headPose(landmarks: Landmarks): HeadPose {
  const [right, left] = [landmark(landmarks, meshPoint.rightCheek), landmark(landmarks, meshPoint.leftCheek)];
  const [top, bottom] = [landmark(landmarks, meshPoint.forehead), landmark(landmarks, meshPoint.chin)];
  const [rightEye, leftEye] = [
    landmark(landmarks, meshPoint.rightEyeOuter),
    landmark(landmarks, meshPoint.leftEyeOuter),
  ];
  const across = Math.hypot(left.x - right.x, left.y - right.y);
  const down = Math.hypot(bottom.x - top.x, bottom.y - top.y);
  return {
    yaw: Math.atan2(left.depth - right.depth, across) * degrees,
    pitch: Math.atan2(top.depth - bottom.depth, down) * degrees,
    roll: Math.atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x) * degrees,
  };
}
