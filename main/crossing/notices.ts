import type { TravelDocument } from '../contract/document.ts';
import type { Notice } from '../contract/guard.ts';
import { newIdentifier } from '../contract/identifier.ts';

/** What the guard is told of travellers who are not referred. In memory only. */
export interface Notices {
  list(): readonly Notice[];
  add(notice: Omit<Notice, 'id' | 'at'>): void;
  dismiss(id: string): void;
}

/** Opens the list of notices; `nowMs` since 1970, and `onChange` is told of every change. */
export function openNotices(nowMs: () => number, onChange: () => void): Notices {
  let notices: readonly Notice[] = [];
  const become = (next: readonly Notice[]) => {
    notices = next;
    onChange();
  };
  return {
    list: () => notices,
    add: (notice) =>
      become([...notices, { id: newIdentifier(nowMs()), at: new Date(nowMs()).toISOString(), ...notice }]),
    dismiss: (id) => become(notices.filter((notice) => notice.id !== id)),
  };
}

/** A traveller's name as notices give it. */
export const nameOf = ({ surname, givenNames }: Pick<TravelDocument, 'surname' | 'givenNames'>): string =>
  [surname, givenNames].filter(Boolean).join(', ');
