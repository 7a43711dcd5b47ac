/** Takes a secret out of the address: it stays in neither the history nor what a reader copies. */
export function takeFragment(name: string): string | undefined {
  const value = new URLSearchParams(location.hash.slice(1)).get(name) ?? undefined;
  if (value !== undefined) history.replaceState(history.state, '', location.pathname + location.search);
  return value;
}
