// What the reader chose on this device. A browser may refuse to keep it; then it lasts until the page is left.
const kept = new Map<string, string>();

export function remember(key: string, value: string) {
  kept.set(key, value);
  try { localStorage.setItem(`dth.${key}`, value); } catch { /* kept in memory */ }
}
export function recall(key: string): string | undefined {
  try { return localStorage.getItem(`dth.${key}`) ?? kept.get(key); } catch { return kept.get(key); }
}

/** For this tab only, and gone with it. */
export function rememberHere(key: string, value: string) {
  kept.set(`here.${key}`, value);
  try { sessionStorage.setItem(`dth.${key}`, value); } catch { /* kept in memory */ }
}
export function recallHere(key: string): string | undefined {
  try { return sessionStorage.getItem(`dth.${key}`) ?? kept.get(`here.${key}`); } catch { return kept.get(`here.${key}`); }
}
export function forgetHere(key: string) {
  kept.delete(`here.${key}`);
  try { sessionStorage.removeItem(`dth.${key}`); } catch { /* it was in memory */ }
}
