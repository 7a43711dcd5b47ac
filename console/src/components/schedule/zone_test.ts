import { expect, test } from 'vitest';
import { instantOf, localOf, zones } from './zone';

test.each([
  ['2026-12-01', '20:00', 'Asia/Shanghai', '2026-12-01T12:00:00.000Z'], ['2026-07-01', '20:00', 'Europe/Berlin', '2026-07-01T18:00:00.000Z'],
  ['2026-12-01', '20:00', 'UTC', '2026-12-01T20:00:00.000Z'], ['2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
])('%s %s in %s', (date, time, zone, instant) => {
  expect(instantOf(date, time, zone)).toBe(instant);
  expect(localOf(instant, zone)).toEqual({ date, time });
});
test('a time that does not exist is one after it, and what is no time is nothing', () => {
  expect(instantOf('2027-03-28', '02:30', 'Europe/Berlin')).toBe('2027-03-28T01:30:00.000Z');
  expect(instantOf('2027-03-28', '2', 'Europe/Berlin')).toBeUndefined();
  expect(zones()).toContain('UTC');
});
