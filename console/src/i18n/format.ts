// Numbers, sizes and times as people read them: separators, IEC sizes, one unit for an interval.
import type { Translate } from './i18n';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
export type Format = ReturnType<typeof createFormat>;

export function createFormat(locale: string, t: Translate, zone: string) {
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const one = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: zone });
  const day = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone: zone });
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: zone });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23', timeZone: zone });

  const bytes = (n: number) => {
    let unit = 0;
    let value = n;
    while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
    // 1,023.96 would be written 1,024.0 of the smaller unit.
    if (value >= 1023.95 && unit < units.length - 1) { value /= 1024; unit++; }
    return `${unit === 0 || value >= 100 ? integer.format(value) : one.format(value)} ${units[unit]}`;
  };
  const duration = (seconds: number) => {
    const d = Math.floor(seconds / 86_400), h = Math.floor((seconds % 86_400) / 3600), m = Math.floor((seconds % 3600) / 60), s = Math.floor(seconds % 60);
    if (d) return `${t('unit.d', { n: d })} ${t('unit.h', { n: h })}`;
    if (h) return `${t('unit.h', { n: h })} ${t('unit.min', { n: m })}`;
    if (m) return m >= 10 ? t('unit.min', { n: m }) : `${t('unit.min', { n: m })} ${t('unit.s', { n: s })}`;
    return t('unit.s', { n: s });
  };
  /** An interval in the one unit that suits it: 70–110 min, 14–16 h. */
  const range = (low: number, high: number) => {
    const [unit, size] = high < 120 ? ['s', 1] as const : high < 9000 ? ['min', 60] as const : high < 2.5 * 86_400 ? ['h', 3600] as const : ['d', 86_400] as const;
    const round = (v: number) => integer.format(v / size >= 20 && unit === 'min' ? Math.round(v / size / 5) * 5 : Math.max(1, Math.round(v / size)));
    const [a, b] = [round(low), round(high)];
    return a === b ? t(`unit.${unit}`, { n: a }) : t(`range.${unit}`, { a, b });
  };
  /** A lower bound in one unit, rounded down: its width does not change with every second. */
  const floor = (seconds: number) => {
    if (seconds < 120) return t('unit.s', { n: Math.max(5, Math.floor(seconds / 5) * 5) });
    if (seconds < 7200) return t('unit.min', { n: Math.floor(seconds / 60) });
    return seconds < 2 * 86_400 ? t('unit.h', { n: Math.floor(seconds / 3600) }) : t('unit.d', { n: Math.floor(seconds / 86_400) });
  };
  return {
    bytes, duration, range, floor,
    count: (n: number) => integer.format(n),
    percent: (share: number) => `${one.format(Math.floor(share * 1000) / 10)} %`,
    rate: (perSecond: number) => t('rate', { n: bytes(perSecond) }),
    time: (d: Date) => time.format(d), clock: (d: Date) => clock.format(d), full: (d: Date) => full.format(d), date: (d: Date) => date.format(d),
    /** With its seconds, for logs. */
    moment: (d: Date) => `${day.format(d)}, ${clock.format(d)}`,
    /** In another zone than the reader's. */
    whenIn: (d: Date, other: string) => new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: other }).format(d),
    when: (d: Date, now: Date) => (Math.abs(now.getTime() - d.getTime()) < 180 * 86_400_000 ? `${day.format(d)}, ${time.format(d)}` : `${date.format(d)}, ${time.format(d)}`),
    ago: (d: Date, now: Date) => {
      const seconds = (d.getTime() - now.getTime()) / 1000, distance = Math.abs(seconds);
      if (distance < 45) return t('time.now');
      const said = seconds < 0 ? 'ago' as const : 'in' as const;
      if (distance < 5400) return t(`time.min.${said}`, { n: Math.round(distance / 60) });
      if (distance < 36 * 3600) return t(`time.h.${said}`, { n: Math.round(distance / 3600) });
      if (distance < 45 * 86_400) return t(`time.d.${said}`, { n: Math.round(distance / 86_400) });
      return date.format(d);
    },
  };
}
