import { expect, test } from 'vitest';
import { bucketOf, levelOf, levelsOf, prefixOf } from './place';

test('each level of a path leads back to itself', () => {
  expect(levelsOf('photos/2026/jan/')).toEqual([{ name: 'photos', path: 'photos/' }, { name: '2026', path: 'photos/2026/' }, { name: 'jan', path: 'photos/2026/jan/' }]);
  expect(levelsOf('/srv/data/')).toEqual([{ name: 'srv', path: '/srv/' }, { name: 'data', path: '/srv/data/' }]);
  expect(levelsOf('photos')).toEqual([]);
});
test('bucket, prefix and level of what was typed', () => {
  expect(['photos/2026/a', 'photos', '', '/srv/data'].map(bucketOf)).toEqual(['photos', 'photos', '', 'srv']);
  expect(['photos/2026/a', 'photos/', 'photos'].map(prefixOf)).toEqual(['2026/a', '', '']);
  expect(['photos/2026/a', 'photos/', 'pho'].map(levelOf)).toEqual(['photos/2026/', 'photos/', '']);
});
