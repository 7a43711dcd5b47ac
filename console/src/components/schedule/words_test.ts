import { expect, test } from 'vitest';
import { en } from '../../i18n/en';
import { createFormat } from '../../i18n/format';
import { createI18n } from '../../i18n/i18n';
import { zhCN } from '../../i18n/zh-CN';
import { scheduleWords } from './words';

const now = new Date('2026-12-01T00:00:00Z');
const none = { at: null, everyCount: null, everyUnit: null, cron: null };
const said = (schedule: Partial<Parameters<typeof scheduleWords>[0]>, locale: 'en' | 'zh-CN' = 'en') => {
  const i18n = createI18n(locale, locale === 'en' ? en : zhCN, 'UTC');
  return scheduleWords({ ...none, kind: 'CRON', ...schedule }, i18n, createFormat(locale, i18n.t, 'UTC'), now);
};

test.each([
  ['0 20 * * *', 'Every day at 20:00'], ['0 5 * * 0', 'Sunday at 05:00'], ['15 3 * * 1-5', 'Mon–Fri at 03:15'], ['0 8,20 * * 1,3', 'Mon and Wed at 08:00 and 20:00'],
  ['0 4 1,15 * *', 'Day 1 and 15 of the month at 04:00'], ['*/10 * * * *', 'Cron */10 * * * *'],
])('%s: %s', (cron, words) => { expect(said({ cron })).toBe(words); });

test('intervals, once, and by hand', () => {
  expect(said({ kind: 'EVERY', everyCount: 15, everyUnit: 'MINUTES' })).toBe('Every 15 min');
  expect(said({ kind: 'EVERY', everyCount: 1, everyUnit: 'HOURS' })).toBe('Every hour');
  expect(said({ kind: 'EVERY', everyCount: 2, everyUnit: 'DAYS' })).toBe('Every 2 days');
  expect(said({ kind: 'MANUAL' })).toBe('By hand');
  expect(said({ kind: 'ONCE', at: '2026-12-02T20:00:00Z' })).toMatch(/^Once, .*20:00$/);
});
test('in Chinese, too', () => { expect(said({ cron: '0 20 * * *' }, 'zh-CN')).toBe('每天 20:00'); });
