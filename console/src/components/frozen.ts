// A list whose rows stay where they are while the hub tells of others.
export interface Frozen<T> { key: string; rows: readonly T[]; from: readonly T[] }
interface Row { id: string }

export const freeze = <T>(key: string, nodes: readonly T[]): Frozen<T> => ({ key, rows: nodes, from: nodes });

/** The rows as before with what is known of them now; of one that the hub no longer lists here, what was known last. */
export function thaw<T extends Row>(frozen: Frozen<T>, nodes: readonly T[]): Frozen<T> {
  const now = new Map(nodes.map((node) => [node.id, node]));
  return { key: frozen.key, rows: frozen.rows.map((row) => now.get(row.id) ?? row), from: nodes };
}

/** How many the hub lists that are not shown, and how many shown ones it no longer lists. */
export function changesSince<T extends Row>(frozen: Frozen<T>) {
  const shown = new Set(frozen.rows.map(({ id }) => id));
  const listed = new Set(frozen.from.map(({ id }) => id));
  return { added: frozen.from.filter(({ id }) => !shown.has(id)).length, gone: frozen.rows.filter(({ id }) => !listed.has(id)).length };
}
