import type { ReactNode } from 'react';

function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      {children}
    </svg>
  );
}

/** A cross. */
export function CrossIcon() {
  return (
    <Icon>
      <path d="M6 6 L18 18 M18 6 L6 18" />
    </Icon>
  );
}

/** A tick. */
export function TickIcon() {
  return (
    <Icon>
      <path d="M5 13 L10 18 L19 7" />
    </Icon>
  );
}

/** A person in uniform. */
export function OfficerIcon() {
  return (
    <Icon>
      <circle cx="12" cy="9" r="3.6" />
      <path d="M7.4 7.4 Q8 3.6 12 3.6 Q16 3.6 16.6 7.4 Z M5 20.4 Q5 14.8 12 14.8 Q19 14.8 19 20.4" />
    </Icon>
  );
}

/** A disc, half of it filled. */
export function ContrastIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="8.5" />
      <path className="filled" d="M12 3.5 A8.5 8.5 0 0 1 12 20.5 Z" />
    </Icon>
  );
}

/** A small and a large letter. */
export function LettersIcon() {
  return (
    <Icon>
      <path d="M9 19.5 L15 4.5 L21 19.5 M11.2 14.5 H18.8 M2 19.5 L5.5 10.5 L9 19.5 M3.3 16.5 H7.7" />
    </Icon>
  );
}

/** A clock. */
export function ClockIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7 V12.4 L15.5 14.5" />
    </Icon>
  );
}

/** A warning triangle. */
export function AlertIcon() {
  return (
    <Icon>
      <path d="M12 4 L21 19.5 H3 Z M12 10 V14.2 M12 16.9 V17" />
    </Icon>
  );
}
