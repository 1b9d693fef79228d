import type { Alert } from '../../main/contract/watchlist.ts';
import type { Store } from '../../main/store/store.ts';

export const madeAt = '2026-11-25T08:00:00.000Z';

/** An alert by its number. */
export function alert(number: number, surname = `SURNAME ${number}`): Alert {
  return {
    reference: `A-${number}`,
    category: 'national',
    action: 'consult-identity',
    silent: false,
    documents: [{ number: `X${number}`, issuingState: 'UTO' }],
    identities: [{ surname, givenNames: 'ANNA', birthDate: '1990' }],
    fingers: [],
    faces: [],
  };
}

export const alerts = (count: number) => Array.from({ length: count }, (_, number) => alert(number));

/** Takes up a whole list. */
export function takeUp(store: Store, version: number, listed: readonly Alert[], made = madeAt): void {
  const draft = store.watchlist.draft('nothing');
  for (const each of listed) draft.put(each);
  draft.commit({ version, madeAt: made });
}

/** The references of the list in use. */
export const references = (store: Store) => [...store.watchlist.alerts()].map(({ reference }) => reference);
