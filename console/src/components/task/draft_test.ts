import { expect, test } from 'vitest';
import type { Schedule } from '../../services/tasks';
import { cronOfDraft, inputOf, newSchedule, newTask, optionErrorsOf, scheduleDraftOf, scheduleInputOf, stepOf } from './draft';

const base: Schedule = { kind: 'MANUAL', at: null, everyCount: null, everyUnit: null, anchor: null, cron: null, zone: 'Europe/Berlin', overlap: 'QUEUE', missed: 'SKIP' };

test.each<Partial<Schedule>>([
  {}, { kind: 'ONCE', at: '2026-12-01T19:00:00.000Z' }, { kind: 'EVERY', everyCount: 15, everyUnit: 'MINUTES', anchor: '2026-12-01T00:00:00Z' }, { kind: 'CRON', cron: '0 20 * * *' },
  { kind: 'CRON', cron: '0 5 1,15 * *' }, { kind: 'CRON', cron: '15 3 * * 1-5' }, { kind: 'CRON', cron: '*/10 * * * *' },
])('a schedule comes back as it was: %j', (part) => {
  const schedule = { ...base, ...part };
  expect(scheduleInputOf(scheduleDraftOf(schedule, 'UTC'))).toEqual(schedule);
});

test('days and times that are not fit are no schedule', () => {
  const draft = { ...newSchedule('UTC'), mode: 'TIMES' as const };
  expect(cronOfDraft(draft)).toBe('0 20 * * *');
  expect(cronOfDraft({ ...draft, times: [] })).toBeUndefined();
  expect(cronOfDraft({ ...draft, days: 'week', weekdays: [] })).toBeUndefined();
  expect(cronOfDraft({ ...draft, days: 'month', monthDays: '1, 32' })).toBeUndefined();
  expect(cronOfDraft({ ...draft, days: 'month', monthDays: '1 15' })).toBe('0 20 1,15 * *');
});

test('a task as the hub takes it', () => {
  const draft = { ...newTask('UTC'), name: ' photos ', labels: 'team=media', source: { endpointId: 'endpoint_1', path: ' photos/2026/ ' }, options: { include: ['*.jpg', ''] } };
  expect(inputOf(draft)).toMatchObject({ name: 'photos', labels: [{ name: 'team', value: 'media' }], source: { path: 'photos/2026/' }, options: [{ name: 'include', value: '*.jpg' }], schedule: { kind: 'MANUAL' } });
});

test('an error stands on the step that can put it right', () => {
  const on = (...field: string[]) => stepOf({ field });
  expect([on('input', 'task', 'name'), on('input', 'task', 'source', 'path'), on('input', 'task', 'destination', 'endpointId'), on('input', 'task', 'options', '0', 'name'), on('input', 'task', 'schedule', 'cron'), on('input', 'task'), stepOf({ field: null })])
    .toEqual(['kind', 'source', 'destination', 'options', 'schedule', 'review', 'review']);
  const errors = [{ field: ['input', 'task', 'options', '1', 'value'], message: 'a', code: 'INVALID' as const }, { field: ['input', 'task', 'options', 'acl'], message: 'b', code: 'INVALID' as const }];
  expect([...optionErrorsOf(errors, { tag: ['x=1'], 'size-min': ['10k'] })]).toEqual([['size-min', 'a'], ['acl', 'b']]);
});
