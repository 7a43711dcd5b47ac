// What the reader chose on this device. A browser may refuse to keep it; then it lasts until the page is left.
const kept = new Map<string, string>();

export function remember(key: string, value: string) {
  kept.set(key, value);
  try { localStorage.setItem(`dth.${key}`, value); } catch { /* kept in memory */ }
}
export function recall(key: string): string | undefined {
  try { return localStorage.getItem(`dth.${key}`) ?? kept.get(key); } catch { return kept.get(key); }
}
