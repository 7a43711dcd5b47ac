// A task while it is written, and as the hub takes it.
import type { Schedule, ScheduleInput, Task, TaskInput } from '../../services/tasks';
import type { UserError } from '../../services/mutation';
import { parseLabels, writeLabels } from '../labels';
import { pairsOf, valuesOf, type Values } from '../options/values';
import { cronOf, dayTimesOf } from '../schedule/cron';
import { taskSteps, type TaskStep } from './steps';
import { instantOf, localOf } from '../schedule/zone';

export const scheduleModes = ['MANUAL', 'ONCE', 'EVERY', 'TIMES', 'CRON'] as const;
export type DaysMode = 'every' | 'week' | 'month';
/** What the form holds of every kind of schedule: changing the kind loses nothing. */
export interface ScheduleDraft {
  mode: (typeof scheduleModes)[number];
  date: string;
  time: string;
  everyCount: string;
  everyUnit: NonNullable<Schedule['everyUnit']>;
  anchor?: string;
  days: DaysMode;
  weekdays: number[];
  monthDays: string;
  times: string[];
  cron: string;
  zone: string;
  overlap: Schedule['overlap'];
  missed: Schedule['missed'];
}
export interface PlaceDraft { endpointId: string; path: string }
export interface TaskDraft {
  name: string;
  description: string;
  labels: string;
  kind: string;
  action: Task['action'];
  source: PlaceDraft;
  destination: PlaceDraft;
  options: Values;
  schedule: ScheduleDraft;
}

export const newSchedule = (zone: string): ScheduleDraft => ({
  mode: 'MANUAL', date: '', time: '', everyCount: '1', everyUnit: 'HOURS', days: 'every', weekdays: [1, 2, 3, 4, 5], monthDays: '1', times: ['20:00'], cron: '0 20 * * *', zone,
  overlap: 'SKIP', missed: 'RUN_ONCE',
});
export const newTask = (zone: string): TaskDraft => ({
  name: '', description: '', labels: '', kind: 'object_copy', action: 'COPY', source: { endpointId: '', path: '' }, destination: { endpointId: '', path: '' }, options: {}, schedule: newSchedule(zone),
});

export function scheduleDraftOf(schedule: Schedule, zone: string): ScheduleDraft {
  const draft: ScheduleDraft = { ...newSchedule(schedule.zone || zone), overlap: schedule.overlap, missed: schedule.missed };
  switch (schedule.kind) {
    case 'MANUAL': return draft;
    case 'ONCE': return { ...draft, mode: 'ONCE', ...(schedule.at && localOf(schedule.at, draft.zone)) };
    case 'EVERY': return { ...draft, mode: 'EVERY', everyCount: String(schedule.everyCount ?? 1), everyUnit: schedule.everyUnit ?? 'HOURS', anchor: schedule.anchor ?? undefined };
    case 'CRON': {
      const cron = schedule.cron ?? '';
      const days = dayTimesOf(cron);
      if (!days) return { ...draft, mode: 'CRON', cron };
      return {
        ...draft, mode: 'TIMES', cron, times: [...days.times], days: days.monthDays.length > 0 ? 'month' : days.weekdays.length > 0 ? 'week' : 'every',
        weekdays: days.weekdays.length > 0 ? [...days.weekdays] : draft.weekdays, monthDays: days.monthDays.join(', ') || draft.monthDays,
      };
    }
  }
}
const monthDaysOf = (text: string) => text.split(/[,\s]+/).filter(Boolean).map(Number);
/** The days and times as cron; nothing where they are not fit. */
export function cronOfDraft(draft: ScheduleDraft): string | undefined {
  const monthDays = draft.days === 'month' ? monthDaysOf(draft.monthDays) : [];
  const weekdays = draft.days === 'week' ? draft.weekdays : [];
  if (monthDays.some((day) => !Number.isInteger(day) || day < 1 || day > 31)) return undefined;
  if ((draft.days === 'month' && monthDays.length === 0) || (draft.days === 'week' && weekdays.length === 0)) return undefined;
  return cronOf({ times: draft.times.filter(Boolean), weekdays, monthDays });
}
export function scheduleInputOf(draft: ScheduleDraft): ScheduleInput {
  const { zone, overlap, missed } = draft;
  const none = { at: null, everyCount: null, everyUnit: null, anchor: null, cron: null, zone, overlap, missed };
  switch (draft.mode) {
    case 'MANUAL': return { ...none, kind: 'MANUAL' };
    case 'ONCE': return { ...none, kind: 'ONCE', at: instantOf(draft.date, draft.time, zone) ?? null };
    case 'EVERY': return { ...none, kind: 'EVERY', everyCount: /^\d{1,6}$/.test(draft.everyCount.trim()) ? Number(draft.everyCount) : 0, everyUnit: draft.everyUnit, anchor: draft.anchor ?? null };
    case 'TIMES': return { ...none, kind: 'CRON', cron: cronOfDraft(draft) ?? '' };
    case 'CRON': return { ...none, kind: 'CRON', cron: draft.cron.trim() };
  }
}

export const draftOf = (task: Task, zone: string): TaskDraft => ({
  name: task.name, description: task.description, labels: writeLabels(task.labels), kind: task.kind, action: task.action,
  source: { endpointId: task.source.endpoint?.id ?? '', path: task.source.path }, destination: { endpointId: task.destination.endpoint?.id ?? '', path: task.destination.path },
  options: valuesOf(task.options), schedule: scheduleDraftOf(task.schedule, zone),
});
export const inputOf = (draft: TaskDraft): TaskInput => ({
  name: draft.name.trim(), description: draft.description, labels: parseLabels(draft.labels), kind: draft.kind, action: draft.action,
  source: { ...draft.source, path: draft.source.path.trim() }, destination: { ...draft.destination, path: draft.destination.path.trim() }, options: pairsOf(draft.options),
  schedule: scheduleInputOf(draft.schedule),
});

/** The step on which an error can be put right; the last where it is about no one field. */
export function stepOf({ field }: Pick<UserError, 'field'>): TaskStep {
  const path = field ?? [];
  if (path.some((part) => ['name', 'description', 'labels', 'kind', 'action'].includes(part)) && !path.includes('options') && !path.includes('schedule')) return 'kind';
  return taskSteps.find((step) => path.includes(step)) ?? 'review';
}
/** What the hub says of a step's fields. */
export const errorsOf = (errors: readonly UserError[], step: TaskStep) => errors.filter((error) => stepOf(error) === step);
export const errorAt = (errors: readonly UserError[], ...fields: string[]) => errors.find(({ field }) => fields.some((name) => field?.at(-1) === name))?.message;
/** Of an option: its path ends in the option's name, or holds its place in the list. */
export function optionErrorsOf(errors: readonly UserError[], values: Values): Map<string, string> {
  const names = pairsOf(values).map(({ name }) => name);
  return new Map(errors.flatMap(({ field, message }) => {
    const rest = field?.slice(field.indexOf('options') + 1) ?? [];
    const name = rest.map((part) => (/^\d+$/.test(part) ? names[Number(part)] : part)).find((part) => part && part !== 'value' && part !== 'name');
    return field?.includes('options') && name ? [[name, message] as const] : [];
  }));
}
