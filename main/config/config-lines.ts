import type * as z from 'zod';

/** What a schema holds inside, whatever wraps it. */
type Wrapped = z.core.$ZodType & {
  readonly def: { readonly innerType?: z.core.$ZodType; readonly element?: z.core.$ZodType };
};

/**
 * What is wrong with a configuration, a line for each wrong setting: which it is, what it is, and what it must be. `schema` is
 * the one that found the issues; they were reported with their input.
 */
export function configLines(schema: z.ZodType, issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return `${placeOf(issue.path)}: ${sentenceOf(issue)}`;
    const known = settingsAt(schema, issue.path);
    return issue.keys.map((key) => `${placeOf([...issue.path, key])}: there is no such setting; there are ${known}`);
  });
}

const placeOf = (path: readonly PropertyKey[]): string => path.map(String).join('.') || '(the whole)';

function sentenceOf(issue: Exclude<z.core.$ZodIssue, { code: 'unrecognized_keys' }>): string {
  const { input } = issue;
  if (input === undefined && issue.code !== 'custom') return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return Array.isArray(input) && issue.expected === 'object'
        ? 'is a list, and must be one object in braces: write one entry for each role'
        : `is ${kindOf(input)}, and must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `is ${shown(input)}, and must be ${either(issue.values.map(shown))}`;
    case 'too_small':
      return `is ${sizeOf(input)}, and must be ${issue.inclusive === false ? `more than ${issue.minimum}` : `${issue.minimum} or more`}`;
    case 'too_big':
      return `is ${sizeOf(input)}, and must be ${issue.inclusive === false ? `less than ${issue.maximum}` : `${issue.maximum} or less`}`;
    case 'custom':
    case 'invalid_union':
      return issue.message;
    default:
      return `is ${shown(input)}: ${issue.message}`;
  }
}

const kinds: Readonly<Record<string, string>> = {
  object: 'an object in braces',
  array: 'a list in brackets',
  string: 'text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return shown(value);
}

/** A value as the file has it; a long one is cut. */
function shown(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? kindOf(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function sizeOf(value: unknown): string {
  if (typeof value === 'string') return `${value.length} characters long`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return shown(value);
}

function either(choices: readonly string[]): string {
  const last = choices.at(-1) ?? 'nothing';
  return choices.length < 2 ? last : `${choices.slice(0, -1).join(', ')} or ${last}`;
}

/** The settings that a schema has at a path. */
function settingsAt(schema: z.ZodType, path: readonly PropertyKey[]): string {
  let at: z.core.$ZodType | undefined = bare(schema);
  for (const key of path) {
    const next: z.core.$ZodType | undefined =
      at && 'shape' in at ? (at.shape as Record<PropertyKey, z.core.$ZodType>)[key] : (at as Wrapped).def.element;
    at = next && bare(next);
  }
  return at && 'shape' in at ? Object.keys(at.shape as object).join(', ') : 'none';
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const { innerType } = (schema as Wrapped).def;
  return innerType ? bare(innerType) : schema;
}
