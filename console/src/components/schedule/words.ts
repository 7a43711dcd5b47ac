// A schedule as people say it: "Every day at 20:00", "Mon–Fri at 05:00", "Every 15 min".
import type { Format } from '../../i18n/format';
import type { I18n } from '../../i18n/i18n';
import type { Schedule } from '../../services/tasks';
import { dayTimesOf } from './cron';

type Words = Pick<I18n, 't' | 'locale'>;
type Said = Pick<Schedule, 'kind' | 'at' | 'everyCount' | 'everyUnit' | 'cron'>;
// 3 January 2021 was a Sunday.
const dayName = (locale: string, day: number, style: 'short' | 'long') => new Intl.DateTimeFormat(locale, { weekday: style, timeZone: 'UTC' }).format(new Date(Date.UTC(2021, 0, 3 + day)));
export const dayNames = (locale: string, style: 'short' | 'long' = 'short') => [0, 1, 2, 3, 4, 5, 6].map((day) => dayName(locale, day, style));
const listed = (locale: string, parts: readonly string[]) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(parts);

function cronWords(cron: string, { t, locale }: Words): string {
  const days = dayTimesOf(cron);
  if (!days) return t('schedule.words.cron', { cron });
  const at = listed(locale, days.times);
  const { weekdays, monthDays } = days;
  if (monthDays.length > 0) return t('schedule.words.month', { days: listed(locale, monthDays.map(String)), at });
  if (weekdays.length === 0 || weekdays.length === 7) return t('schedule.words.daily', { at });
  if (weekdays.length === 1) return t('schedule.words.weekly', { day: dayName(locale, weekdays[0], 'long'), at });
  if (weekdays.length > 2 && weekdays.at(-1)! - weekdays[0] === weekdays.length - 1) return t('schedule.words.days', { days: `${dayName(locale, weekdays[0], 'short')}–${dayName(locale, weekdays.at(-1)!, 'short')}`, at });
  return t('schedule.words.days', { days: listed(locale, weekdays.map((day) => dayName(locale, day, 'short'))), at });
}

export function scheduleWords(schedule: Said, i18n: Words, f: Pick<Format, 'when'>, now: Date): string {
  const { t } = i18n;
  switch (schedule.kind) {
    case 'MANUAL': return t('schedule.words.manual');
    case 'ONCE': return schedule.at ? t('schedule.words.once', { at: f.when(new Date(schedule.at), now) }) : t('schedule.kind.ONCE');
    case 'EVERY': return t(`schedule.words.every.${schedule.everyUnit ?? 'HOURS'}`, { n: schedule.everyCount ?? 1 });
    case 'CRON': return cronWords(schedule.cron ?? '', i18n);
  }
}
/** Times of day mean nothing without their zone. */
export const needsZone = ({ kind, everyUnit }: Pick<Schedule, 'kind' | 'everyUnit'>) => kind === 'CRON' || (kind === 'EVERY' && everyUnit === 'DAYS');
