import type { FingerPosition } from '../../main/contract/biometrics.ts';

type Finger = 'thumb' | 'index' | 'middle' | 'ring' | 'little';
type Bone = readonly [fromX: number, fromY: number, toX: number, toY: number];

/** A right hand seen from its back, as its owner sees it; the left hand is its mirror image. */
const bones: Readonly<Record<Finger, Bone>> = {
  thumb: [76, 196, 26, 146],
  index: [70, 132, 60, 56],
  middle: [97, 124, 95, 32],
  ring: [124, 126, 130, 46],
  little: [148, 140, 163, 82],
};
const fingers = Object.keys(bones) as Finger[];
const palm = 'M60 138 Q60 116 82 114 L138 114 Q162 116 162 142 L157 206 Q154 234 126 234 L100 234 Q78 234 70 212 Z';

function Hand({ wanted }: { readonly wanted: Finger | undefined }) {
  const lines = fingers.map((finger) => {
    const [x1, y1, x2, y2] = bones[finger];
    return <line key={finger} x1={x1} y1={y1} x2={x2} y2={y2} />;
  });
  const [rootX, rootY, x2, y2] = bones[wanted ?? 'index'];
  const x1 = rootX + (x2 - rootX) * 0.25;
  const y1 = rootY + (y2 - rootY) * 0.25;
  return (
    <g className={wanted ? 'hand' : 'hand hand-other'}>
      <g className="hand-edge">
        {lines}
        <path d={palm} />
      </g>
      <g className="hand-skin">
        {lines}
        <path d={palm} />
      </g>
      {wanted && (
        <>
          <line className="finger-wanted" x1={x1} y1={y1} x2={x2} y2={y2} />
          <circle className="finger-ring" cx={x2} cy={y2} r="20" />
          <path className="finger-print" d={`M${x2 - 6} ${y2 + 7}v-6a6 6 0 0 1 12 0v6M${x2} ${y2 + 8}v-7`} />
        </>
      )}
    </g>
  );
}

/** Both hands as their owner sees them, with the wanted finger marked. */
export function Hands({ position }: { readonly position: FingerPosition }) {
  const wanted = (side: 'left' | 'right') => fingers.find((finger) => position === `${side}-${finger}`);
  return (
    <svg className="drawing hands" viewBox="0 0 400 250" aria-hidden="true" data-finger={position}>
      <g transform="translate(188 0) scale(-1 1)">
        <Hand wanted={wanted('left')} />
      </g>
      <g transform="translate(212 0)">
        <Hand wanted={wanted('right')} />
      </g>
    </svg>
  );
}
