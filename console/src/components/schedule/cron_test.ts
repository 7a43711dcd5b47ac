import { expect, test } from 'vitest';
import { cronOf, dayTimesOf } from './cron';

const every = { weekdays: [], monthDays: [] };

test.each([
  [{ ...every, times: ['20:00'] }, '0 20 * * *'],
  [{ ...every, times: ['8:30', '20:30'] }, '30 8,20 * * *'],
  [{ ...every, times: ['08:00', '08:30', '09:00', '09:30'] }, '0,30 8,9 * * *'],
  [{ times: ['05:00'], weekdays: [0], monthDays: [] }, '0 5 * * 0'],
  [{ times: ['05:00'], weekdays: [5, 1, 2, 3, 4], monthDays: [] }, '0 5 * * 1-5'],
  [{ times: ['04:00'], weekdays: [], monthDays: [1, 15] }, '0 4 1,15 * *'],
  [{ times: ['04:00'], weekdays: [0, 1, 2, 3, 4, 5, 6], monthDays: [] }, '0 4 * * *'],
])('%j is %s', (days, cron) => {
  expect(cronOf(days)).toBe(cron);
  expect(cronOf(dayTimesOf(cron)!)).toBe(cron);
});
test('times that are not one expression, or none at all', () => {
  expect(cronOf({ ...every, times: ['08:15', '09:30'] })).toBeUndefined();
  expect(cronOf({ ...every, times: [] })).toBeUndefined();
  expect(cronOf({ ...every, times: ['25:00'] })).toBeUndefined();
});
test('names of days, and Sunday by both its numbers', () => {
  expect(dayTimesOf('15 3 * * MON-FRI')).toEqual({ times: ['03:15'], weekdays: [1, 2, 3, 4, 5], monthDays: [] });
  expect(dayTimesOf('0 5 * * 7')?.weekdays).toEqual([0]);
});
test.each(['*/10 * * * *', '0 5 1 * 1', '0 0 L * *', '0 5 * 1 *', '@daily', '0 12 * * ? 2027', '0 5 * * 1#2', 'a b c d e'])('%s is more than days and times', (cron) => { expect(dayTimesOf(cron)).toBeUndefined(); });
