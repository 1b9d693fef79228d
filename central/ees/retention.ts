import { addDays, addMonths, addYears } from './calendar.ts';
import type { Day } from './stay.ts';

/** When what EES keeps of a stay is to go, and when the states are to be told (Reg. (EU) 2017/2226 Art. 34). */
export interface Retention {
  readonly recordEraseOn: Day;
  /** Of the whole dossier, if no other entry follows. */
  readonly dossierEraseOn: Day;
  /** Logs of it (Art. 46(4)): a year longer. */
  readonly logEraseOn: Day;
  /** A person who has not left: the day on which that is told beforehand. */
  readonly noticeOn?: Day;
}

const years = { ended: 3, endedOfFamily: 1, notEnded: 5, log: 1 };
const noticeMonths = 3;

/** After an exit or a refusal: three years, the dossier a day longer; for members of the family of a citizen one year. */
export function afterExit(day: Day, ofFamily = false): Retention {
  const recordEraseOn = addYears(day, ofFamily ? years.endedOfFamily : years.ended);
  const dossierEraseOn = ofFamily ? recordEraseOn : addDays(recordEraseOn, 1);
  return { recordEraseOn, dossierEraseOn, logEraseOn: addYears(recordEraseOn, years.log) };
}

/** Without an exit: five years from the end of the authorised stay (of family: from the entry), notice three months before. */
export function withoutExit(authorisedUntil: Day): Retention {
  const eraseOn = addYears(authorisedUntil, years.notEnded);
  return {
    recordEraseOn: eraseOn,
    dossierEraseOn: eraseOn,
    logEraseOn: addYears(eraseOn, years.log),
    noticeOn: addMonths(eraseOn, -noticeMonths),
  };
}
