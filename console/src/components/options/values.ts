import type { OptionPartsFragment } from '../../services/generated/graphql';

export type Declared = OptionPartsFragment;
/** What was given, by name. A list has several; a line that is being typed may be empty. */
export type Values = Readonly<Record<string, readonly string[]>>;
interface Pair { name: string; value: string }

export function valuesOf(pairs: readonly Pair[]): Values {
  const values: Record<string, string[]> = {};
  for (const { name, value } of pairs) (values[name] ??= []).push(value);
  return values;
}
/** As the hub takes them: without what is empty. */
export const pairsOf = (values: Values): Pair[] =>
  Object.entries(values).flatMap(([name, each]) => each.filter((value) => value.trim() !== '').map((value) => ({ name, value })));

/** Whether the reader gave something else than the default. */
export function isChanged({ name, default: standard, type }: Pick<Declared, 'name' | 'default' | 'type'>, values: Values) {
  const given = (values[name] ?? []).filter((value) => value.trim() !== '');
  if (given.length === 0) return false;
  return given.length > 1 || given[0] !== (standard ?? (type === 'FLAG' ? 'false' : undefined));
}
export function withValue(values: Values, name: string, given: readonly string[]): Values {
  const { [name]: _, ...rest } = values;
  return given.length === 0 || given.every((value) => value === '') && given.length === 1 ? rest : { ...rest, [name]: given };
}

// What people change most comes first; headings that are not known here come last.
const order = ['selection', 'copies', 'comparison', 'deletion', 'verification', 'destination', 'locations', 'ledger', 'engine'];
const rank = (group: string) => (order.includes(group) ? order.indexOf(group) : order.length);

/** Options by the heading under which they stand. */
export function grouped(options: readonly Declared[]): [string, Declared[]][] {
  const groups = new Map<string, Declared[]>();
  for (const option of options) groups.set(option.group, [...(groups.get(option.group) ?? []), option]);
  return [...groups].toSorted(([a], [b]) => rank(a) - rank(b));
}
/** Whether an option is meant by what was typed into a search. */
export function isFound({ name, help, choices }: Pick<Declared, 'name' | 'help' | 'choices'>, text: string) {
  const words = text.toLowerCase().split(/[\s-]+/).filter(Boolean);
  const all = [name, help, ...choices].join(' ').toLowerCase();
  return words.every((word) => all.includes(word));
}

const acronyms = new Set(['acl', 'ca', 'cpu', 'http', 'https', 'id', 'kms', 'md5', 'sse', 'sts', 'tls', 'uri', 'url', 'arn', 's3']);
/** "kms-key-id" as a label: "KMS key ID". */
export function labelOf(name: string) {
  const text = name.split('-').map((word) => (acronyms.has(word) ? word.toUpperCase() : word)).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
/** A help text of the hub begins in lower case, as those of commands do. */
export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
