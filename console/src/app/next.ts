// Where to go after the sign-in: only to pages of this console.
const pages = /^\/(overview|tasks|runs|workers|endpoints|credentials|users|audit|settings|profile|about)(\/[\w.~-]*)*$/;

/** The path of `next` if it leads to a page of the console, else the overview. */
export function checkedNext(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/') || next.length > 2000 || !/^[\x21-\x7e]*$/.test(next)) return '/overview';
  let url: URL;
  try {
    url = new URL(next, 'http://console.invalid');
  } catch {
    return '/overview';
  }
  if (url.origin !== 'http://console.invalid' || !pages.test(url.pathname)) return '/overview';
  return url.pathname + url.search;
}
