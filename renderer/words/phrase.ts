/** A sentence for each plural category its language has (CLDR); `other` is the one for all the rest. */
export type Plural = { readonly other: string } & { readonly [category in Intl.LDMLPluralRule]?: string };

/** Puts values in the place of `{names}`; a name without a value stays as it is. */
export function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (braces, name: string) => values[name] ?? braces);
}

/** The locale whose dates and units a language is given: English as in Europe. */
export function localeOf(language: string): string {
  return language === 'en' ? 'en-GB' : language;
}

/** A number in the digits and grouping of a language. */
export function figure(language: string, value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(language, options).format(value);
}

/** The sentence for a count, with the count filled in under `name` (CLDR plural rules). */
export function counted(language: string, plural: Plural, name: string, count: number): string {
  const category = new Intl.PluralRules(language).select(count);
  return fill(plural[category] ?? plural.other, { [name]: figure(language, count) });
}
