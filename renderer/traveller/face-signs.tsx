import type { ReactNode } from 'react';
import type { FaceHint } from '../../main/contract/biometrics.ts';

/** A head in outline with what matters drawn into it. */
function Sign({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="icon face-sign" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M5 10 a7 7.4 0 0 1 14 0 V12.6 a7 8.6 0 0 1 -14 0 Z" />
      {children}
    </svg>
  );
}

const openEyes = <path d="M9 9.6 v0.01 M15 9.6 v0.01" />;
const struckOut = <path className="face-sign-no" d="M3 21.5 L21 2.5" />;

/** Signs beside hints that ask for something to be done to the face: what is to be taken off is struck out. */
export const faceSigns: Partial<Readonly<Record<FaceHint, ReactNode>>> = {
  mouth: (
    <Sign>
      {openEyes}
      <path d="M9 15.6 H15" />
    </Sign>
  ),
  uncover: (
    <Sign>
      {openEyes}
      <path className="face-sign-thing" d="M5.2 12 Q12 10.8 18.8 12 Q18.6 20.6 12 21 Q5.4 20.6 5.2 12 Z" />
      {struckOut}
    </Sign>
  ),
  'uncover-eyes': (
    <Sign>
      <path
        className="face-sign-thing"
        d="M6 8.4 H11 V10.6 a2.2 2.2 0 0 1 -5 0 Z M13 8.4 H18 V10.6 a2.2 2.2 0 0 1 -5 0 Z M11 8.8 H13"
      />
      <path d="M9.4 16.4 Q12 17.8 14.6 16.4" />
      {struckOut}
    </Sign>
  ),
};
