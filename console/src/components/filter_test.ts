import { expect, test } from 'vitest';
import { filterOf, parseFilter, tokensOf, writeFilter } from './filter';

const properties = ['state', 'action'];

test('an address and a filter say the same', () => {
  const text = 'state=FAILED&state=RUNNING&text=photos%262026';
  const filter = parseFilter(text, properties);
  expect(filter).toEqual({ state: ['FAILED', 'RUNNING'], text: ['photos&2026'] });
  expect(writeFilter(filter)).toBe(text);
  expect(filterOf(tokensOf(filter), properties)).toEqual(filter);
});
test('what a list does not know is dropped', () => { expect(parseFilter('owner=me&state=&state=FAILED', properties)).toEqual({ state: ['FAILED'] }); });
test('no filter leaves no trace in the address', () => { expect(writeFilter({})).toBeUndefined(); });
test('of several texts the last counts', () => {
  expect(filterOf({ operation: 'and', tokens: [{ value: 'a', operator: ':' }, { value: 'b', operator: ':' }] }, properties)).toEqual({ text: ['b'] });
});
