// Times of day in a zone as instants, and back.
const formats = new Map<string, Intl.DateTimeFormat>();
function partsIn(zone: string, instant: number) {
  let format = formats.get(zone);
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })));
  return Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
}
const offsetAt = (zone: string, instant: number) => {
  const p = partsIn(zone, instant);
  return Date.UTC(Number(p.year), Number(p.month) - 1, Number(p.day), Number(p.hour), Number(p.minute), Number(p.second)) - Math.floor(instant / 1000) * 1000;
};

/** "2026-12-01" and "20:00" as the clocks of the zone show them. Of a time that comes twice, the first; nothing where it is no time. */
export function instantOf(date: string, time: string, zone: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d$/.test(time)) return undefined;
  const local = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(local)) return undefined;
  const before = local - offsetAt(zone, local - 86_400_000), after = local - offsetAt(zone, local + 86_400_000);
  const fits = (instant: number) => instant + offsetAt(zone, instant) === local;
  const found = [Math.min(before, after), Math.max(before, after)].find(fits) ?? before;
  return new Date(found).toISOString();
}
export function localOf(instant: string, zone: string): { date: string; time: string } {
  const p = partsIn(zone, Date.parse(instant));
  return { date: `${p.year}-${p.month}-${p.day}`, time: `${p.hour}:${p.minute}` };
}
export const zones = (): string[] => {
  const all = Intl.supportedValuesOf('timeZone');
  return all.includes('UTC') ? all : ['UTC', ...all];
};
