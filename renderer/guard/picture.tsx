import { useEffect, useRef } from 'react';
import type { RgbImage } from '../../main/contract/image.ts';
import { rgbaOf } from './rgba.ts';

interface PictureProps {
  readonly image: RgbImage | undefined;
  readonly caption: string;
  readonly none: string;
}

/** A picture drawn from its pixels; wiped when it goes. */
export function Picture({ image, caption, none }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !image) return undefined;
    element.width = image.widthPx;
    element.height = image.heightPx;
    context.putImageData(new ImageData(rgbaOf(image), image.widthPx, image.heightPx), 0, 0);
    return () => context.clearRect(0, 0, element.width, element.height);
  }, [image]);
  return (
    <figure className="face">
      {image ? <canvas ref={canvas} /> : <p className="face-none">{none}</p>}
      <figcaption>{caption}</figcaption>
    </figure>
  );
}
