/** A birth date as lists have them: mostly whole, some a year or a month only or unknown, more on 1 January than on other days. */
export function drawBirthDate(random: () => number): string {
  const known = random();
  if (known < 0.03) return '';
  const day = wholeBirthDate(random);
  if (known < 0.06) return day.slice(0, 4);
  if (known < 0.07) return day.slice(0, 7);
  return known < 0.1 ? `${day.slice(0, 4)}-01-01` : day;
}

/** A birth date of somebody between 10 and 85 years of age, `YYYY-MM-DD`. */
export function wholeBirthDate(random: () => number): string {
  // Three draws together favour the ages at which people travel.
  const share = (random() + random() + random()) / 3;
  return new Date(Date.UTC(1941, 0, 1) + share * (Date.UTC(2016, 0, 1) - Date.UTC(1941, 0, 1)))
    .toISOString()
    .slice(0, 10);
}

/** What clerks make of a date: day and month crossed, or one digit wrong. The date itself where neither gives another. */
export function slipInDate(date: string, kind: 'swapped' | 'digit', random: () => number): string {
  const [year = '', month = '', day = ''] = date.split('-');
  if (kind === 'swapped') return Number(day) <= 12 ? `${year}-${day}-${month}` : date;
  const at = 2 + Math.floor(random() * 2);
  const digit = (Number(year.charAt(at)) + 1 + Math.floor(random() * 8)) % 10;
  return `${year.slice(0, at)}${digit}${year.slice(at + 1)}-${month}-${day}`;
}
