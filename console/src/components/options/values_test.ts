import { expect, test } from 'vitest';
import { grouped, isChanged, isFound, labelOf, pairsOf, valuesOf, withValue, type Declared } from './values';

const option = (part: Partial<Declared>): Declared => ({ name: 'x', type: 'TEXT', group: 'copies', help: '', default: null, placeholder: null, choices: [], actions: [], mayChange: false, ...part });

test('a list keeps all its values, and an empty line counts for nothing', () => {
  const values = valuesOf([{ name: 'tag', value: 'a=1' }, { name: 'tag', value: 'b=2' }, { name: 'acl', value: 'private' }]);
  expect(values).toEqual({ tag: ['a=1', 'b=2'], acl: ['private'] });
  expect(pairsOf({ ...values, include: ['*.jpg', '', ' '] })).toEqual([{ name: 'tag', value: 'a=1' }, { name: 'tag', value: 'b=2' }, { name: 'acl', value: 'private' }, { name: 'include', value: '*.jpg' }]);
});

test('what is as by default is not changed', () => {
  const acl = option({ name: 'acl', type: 'CHOICE', default: 'none' }), flag = option({ name: 'f', type: 'FLAG' });
  expect([{}, { acl: [''] }, { acl: ['none'] }, { acl: ['private'] }].map((values) => isChanged(acl, values as never))).toEqual([false, false, false, true]);
  expect([{}, { f: ['false'] }, { f: ['true'] }].map((values) => isChanged(flag, values as never))).toEqual([false, false, true]);
});

test('a value that is taken away leaves nothing behind', () => {
  expect(withValue({ a: ['1'] }, 'a', [''])).toEqual({});
  expect(withValue({ a: ['1'] }, 'b', ['2'])).toEqual({ a: ['1'], b: ['2'] });
  expect(withValue({}, 'tag', ['a=1', ''])).toEqual({ tag: ['a=1', ''] });
});

test('options stand under their headings, and are found by what they say', () => {
  const options = [option({ name: 'a', group: 'copies' }), option({ name: 'b', group: 'selection' }), option({ name: 'c', group: 'copies' })];
  expect(grouped(options).map(([name, each]) => [name, each.map((one) => one.name)])).toEqual([['selection', ['b']], ['copies', ['a', 'c']]]);
  expect(isFound(option({ name: 'storage-class', help: 'the class of copies' }), 'Storage CLASS copies')).toBe(true);
  expect(isFound(option({ name: 'acl', help: 'who may read' }), 'storage')).toBe(false);
  expect(labelOf('kms-key-id')).toBe('KMS key ID');
});
