import { expect, test } from 'vitest';
import { en } from './en';
import { createFormat } from './format';
import { createI18n } from './i18n';

const { t } = createI18n('en', en, 'UTC');
const f = createFormat('en', t, 'UTC');

test('sizes are IEC, with one decimal below 100', () => {
  expect([0, 1023, 1024, 1536, 1024 ** 2 - 1, 612.4 * 2 ** 20, 4.1 * 2 ** 40].map(f.bytes)).toEqual(['0 B', '1,023 B', '1.0 KiB', '1.5 KiB', '1.0 MiB', '612 MiB', '4.1 TiB']);
});

test('an interval has one unit', () => {
  expect(f.range(4200, 6600)).toBe('70–110 min');
  expect(f.range(50_400, 57_600)).toBe('14–16 h');
  expect(f.range(1, 1)).toBe('1 s');
});

test('a percentage is never rounded up to done', () => {
  expect(f.percent(0.9999)).toBe('99.9 %');
  expect(f.percent(1)).toBe('100.0 %');
});

test('times near and far', () => {
  const now = new Date('2026-11-30T12:00:00Z');
  const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);
  expect(f.ago(before(10), now)).toBe('now');
  expect(f.ago(before(540), now)).toBe('9 min ago');
  expect(f.ago(before(3 * 3600), now)).toBe('3 h ago');
  expect(f.ago(new Date(now.getTime() + 26 * 86_400_000), now)).toBe('in 26 days');
  expect(f.whenIn(new Date('2026-12-01T19:00:00Z'), 'Europe/Berlin')).toMatch(/20:00/);
  expect([61, 119, 130, 7300, 3 * 86_400].map(f.floor)).toEqual(['60 s', '115 s', '2 min', '2 h', '3 d']);
  expect(f.duration(7080)).toBe('1 h 58 min');
  expect(f.duration(128)).toBe('2 min 8 s');
});
