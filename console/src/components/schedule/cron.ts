// Days and times as a cron expression of five fields, and back where one says no more than that.

export interface DayTimes {
  /** Times of day: "20:00". */
  times: readonly string[];
  /** 0, Sunday, to 6. Empty: every day. */
  weekdays: readonly number[];
  /** 1 to 31. Empty: every day. Not together with weekdays. */
  monthDays: readonly number[];
}
export const everyDay: readonly number[] = [];
export const workdays: readonly number[] = [1, 2, 3, 4, 5];
const time = /^([01]?\d|2[0-3]):([0-5]\d)$/;

const sorted = (numbers: readonly number[]) => [...new Set(numbers)].toSorted((a, b) => a - b);
/** "1,2,3,5" as "1-3,5". */
function written(numbers: readonly number[]): string {
  const parts: string[] = [];
  const all = sorted(numbers);
  for (let i = 0; i < all.length;) {
    let end = i;
    while (end + 1 < all.length && all[end + 1] === all[end] + 1) ++end;
    parts.push(end - i > 1 ? `${all[i]}-${all[end]}` : all.slice(i, end + 1).join(','));
    i = end + 1;
  }
  return parts.join(',');
}

/** Nothing where the times are not fit, or cannot be one expression: 08:15 and 09:30 are none, 08:15 and 09:15 are. */
export function cronOf({ times, weekdays, monthDays }: DayTimes): string | undefined {
  const parsed = times.map((each) => time.exec(each.trim()));
  if (parsed.length === 0 || parsed.some((each) => !each)) return undefined;
  const pairs = new Set(parsed.map((each) => `${Number(each![1])}:${Number(each![2])}`));
  const hours = sorted(parsed.map((each) => Number(each![1]))), minutes = sorted(parsed.map((each) => Number(each![2])));
  if (hours.length * minutes.length !== pairs.size) return undefined;
  if (weekdays.length > 0 && monthDays.length > 0) return undefined;
  return `${written(minutes)} ${written(hours)} ${monthDays.length > 0 ? written(monthDays) : '*'} * ${weekdays.length > 0 && sorted(weekdays).length < 7 ? written(weekdays) : '*'}`;
}

const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
function numbersOf(field: string, low: number, high: number, names?: readonly string[]): number[] | undefined {
  const numbers: number[] = [];
  for (const part of field.split(',')) {
    const ends = part.split('-').map((end) => {
      const named = names?.indexOf(end.toUpperCase()) ?? -1;
      return named >= 0 ? named : /^\d+$/.test(end) ? Number(end) : Number.NaN;
    });
    const [from, to = from] = ends;
    if (ends.length > 2 || !(from >= low && to <= high && from <= to)) return undefined;
    for (let each = from; each <= to; ++each) numbers.push(each);
  }
  return sorted(numbers);
}

const timesMax = 24;
/** Nothing where the expression says more than days and times of day. */
export function dayTimesOf(cron: string): DayTimes | undefined {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5 || fields[3] !== '*' || (fields[2] !== '*' && fields[4] !== '*')) return undefined;
  const minutes = numbersOf(fields[0], 0, 59), hours = numbersOf(fields[1], 0, 23);
  const monthDays = fields[2] === '*' ? [] : numbersOf(fields[2], 1, 31);
  const weekdays = fields[4] === '*' ? [] : numbersOf(fields[4], 0, 7, dayNames);
  if (!minutes || !hours || !monthDays || !weekdays || minutes.length * hours.length > timesMax) return undefined;
  const two = (n: number) => String(n).padStart(2, '0');
  return { times: hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}`)), weekdays: sorted(weekdays.map((day) => day % 7)), monthDays };
}
