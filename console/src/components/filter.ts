// A filter as an address writes it: "state=FAILED&state=RUNNING&text=photos".
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

export type Filter = Readonly<Record<string, readonly string[]>>;
const freeText = 'text';

export function parseFilter(text: string | undefined, properties: readonly string[]): Filter {
  const filter: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(text ?? '')) {
    if (value !== '' && (name === freeText || properties.includes(name))) (filter[name] ??= []).push(value);
  }
  return filter;
}
export function writeFilter(filter: Filter): string | undefined {
  const text = new URLSearchParams(Object.entries(filter).flatMap(([name, values]) => values.map((value) => [name, value]))).toString();
  return text === '' ? undefined : text;
}
export const tokensOf = (filter: Filter): PropertyFilterProps.Query => ({
  operation: 'and',
  tokens: Object.entries(filter).flatMap(([name, values]) => values.map((value) => (name === freeText ? { value, operator: ':' as const } : { propertyKey: name, value, operator: '=' as const }))),
});
/** The hub takes one free text: the last. */
export function filterOf(query: PropertyFilterProps.Query, properties: readonly string[]): Filter {
  const filter: Record<string, string[]> = {};
  for (const { propertyKey, value } of query.tokens) {
    const text = String(value);
    if (propertyKey === undefined) filter[freeText] = [text];
    else if (properties.includes(propertyKey)) (filter[propertyKey] ??= []).push(text);
  }
  return filter;
}
