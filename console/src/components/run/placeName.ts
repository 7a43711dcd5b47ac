/** What is typed to confirm that objects go: the bucket, or the whole path of a directory. */
export function placeName(location: string): string {
  const [, scheme = '', rest = location] = /^(\w+):\/\/(.*)$/.exec(location) ?? [];
  return scheme && scheme !== 'file' ? rest.split('/')[0] : rest;
}
