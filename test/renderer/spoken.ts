import { parseAst } from 'rolldown/parseAst';

interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

function isNode(part: unknown): part is Node {
  return typeof part === 'object' && part !== null && typeof (part as { type?: unknown }).type === 'string';
}

/** Attributes that a person reads or hears. */
const read = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'alt',
  'placeholder',
  'title',
  'label',
]);

function hasWord(text: string): boolean {
  return /\p{L}/u.test(text);
}

/** The strings that an expression may come to. */
function stringsOf(node: unknown): string[] {
  if (!isNode(node)) return [];
  const of = (...parts: readonly string[]) => parts.flatMap((part) => stringsOf(node[part]));
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'string' ? [node['value']] : [];
    case 'TemplateLiteral':
      return (node['quasis'] as { value: { raw: string } }[]).map(({ value }) => value.raw);
    case 'JSXExpressionContainer':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return of('expression');
    case 'ConditionalExpression':
      return of('consequent', 'alternate');
    case 'LogicalExpression':
      return node['operator'] === '&&' ? of('right') : of('left', 'right');
    case 'BinaryExpression':
      return node['operator'] === '+' ? of('left', 'right') : [];
    default:
      return [];
  }
}

/** What a screen's source says to people in letters of its own: the text and the read attributes of its elements. */
export function spokenIn(source: string): string[] {
  const spoken: string[] = [];
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) for (const each of part) walk(each);
    if (!isNode(part)) return;
    if (part.type === 'JSXText') spoken.push(String(part['value']));
    if (part.type === 'JSXElement' || part.type === 'JSXFragment')
      for (const child of part['children'] as unknown[])
        if (isNode(child) && child.type === 'JSXExpressionContainer') spoken.push(...stringsOf(child));
    if (part.type === 'JSXAttribute' && read.has(String((part['name'] as Node)['name'])))
      spoken.push(...stringsOf(part['value']));
    for (const each of Object.values(part)) walk(each);
  };
  walk(parseAst(source, { lang: 'tsx' }));
  return spoken.filter(hasWord).map((text) => text.trim());
}
