import { expect, test } from 'vitest';
import { changesSince, freeze, thaw } from './frozen';

const row = (id: string, state = 'RUNNING') => ({ id, state });

test('rows stay when new ones have pushed all of them to the next page', () => {
  const frozen = thaw(freeze('all', [row('a'), row('b')]), [row('c'), row('d')]);
  expect(frozen.rows.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(changesSince(frozen)).toEqual({ added: 2, gone: 2 });
});

test('a row that left the view stays as it was known last, and the others are of now', () => {
  const frozen = thaw(thaw(freeze('running', [row('a'), row('b')]), [row('a', 'PAUSED'), row('b')]), [row('b', 'WAITING')]);
  expect(frozen.rows).toEqual([row('a', 'PAUSED'), row('b', 'WAITING')]);
  expect(changesSince(frozen)).toEqual({ added: 0, gone: 1 });
});
