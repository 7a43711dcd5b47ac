export interface Level { name: string; path: string }

/** The levels of a path, each with the path that leads there: "a/b/" is a and a/b. */
export function levelsOf(path: string): Level[] {
  const levels: Level[] = [];
  let begin = 0;
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', begin)) {
    if (end > begin) levels.push({ name: path.slice(begin, end), path: path.slice(0, end + 1) });
    begin = end + 1;
  }
  return levels;
}
/** The level at which what was typed stands: "bucket/pre" is beneath bucket/. */
export const levelOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
export const bucketOf = (path: string) => path.split('/').find((part) => part !== '') ?? '';
/** What comes after the bucket. */
export const prefixOf = (path: string) => {
  const bucket = bucketOf(path);
  return path.slice(path.indexOf(bucket) + bucket.length).replace(/^\//, '');
};
