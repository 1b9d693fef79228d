import { useEffect, useRef, type ReactNode } from 'react';

interface StageProps {
  /** The stage's heading; takes the focus when the stage appears. */
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly drawing?: ReactNode;
  /** Large touch targets below everything else. */
  readonly choices?: ReactNode;
}

/** The middle of the screen: a heading, what helps, a drawing, and what can be chosen. */
export function Stage({ title, children, drawing, choices }: StageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <main className="stage">
      <div className="telling">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </div>
      {drawing && <div className="picture">{drawing}</div>}
      {choices && <div className="choices">{choices}</div>}
    </main>
  );
}
