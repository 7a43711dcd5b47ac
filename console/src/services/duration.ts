/** Seconds of an ISO 8601 duration as the hub writes them: PT90S, PT1.5S. */
export function secondsOf(duration: string): number {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(duration);
  if (!found) return Number.NaN;
  const [, days, hours, minutes, seconds] = found.map(Number);
  return (days || 0) * 86_400 + (hours || 0) * 3600 + (minutes || 0) * 60 + (seconds || 0);
}
