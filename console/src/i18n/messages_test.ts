import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en } from './en';
import { zhCN } from './zh-CN';

const source = join(import.meta.dirname, '..');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !/generated|i18n\/(en|zh-CN)\.ts$|_test\./.test(name));
const texts = files.map((name) => readFileSync(join(source, name), 'utf8'));
const all = texts.join('\n');

test('both languages have the same keys', () => {
  expect(Object.keys(zhCN).toSorted()).toEqual(Object.keys(en).toSorted());
});

test('both languages use the same values', () => {
  const names = (text: string) => [...new Set([...text.matchAll(/\{(\w+),|\{(\w+)\}/g)].map(([, plural, name]) => plural ?? name))].filter((name) => !['object', 'objects'].includes(name)).toSorted();
  for (const [key, text] of Object.entries(en)) {
    // A plural may need its number only in one language.
    const english = names(text).filter((name) => name !== 'n'), chinese = names(zhCN[key as keyof typeof zhCN]).filter((name) => name !== 'n');
    expect(chinese, key).toEqual(english);
  }
});

test('no text is left in English', () => {
  const same = Object.entries(en).filter(([key, text]) => /[a-z]{4}/i.test(text.replace(/\{[^}]*\}/g, '')) && zhCN[key as keyof typeof zhCN] === text).map(([key]) => key);
  expect(same).toEqual([]);
});

test('every key that a page asks for is there', () => {
  const asked = [...all.matchAll(/\bt\('([\w.]+)'/g)].map(([, key]) => key);
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter((key) => !(key in en))).toEqual([]);
});

test('every key is used', () => {
  // Of prefixes that word() and template literals complete, all keys count as used.
  const open = [...all.matchAll(/word\('([\w.]+)'/g), ...all.matchAll(/`([\w.]+)\.\$\{/g)].map(([, prefix]) => `${prefix}.`);
  const unused = Object.keys(en).filter((key) => !all.includes(`'${key}'`) && !open.some((prefix) => key.startsWith(prefix)));
  expect(unused).toEqual([]);
});
