/** Round steps above the highest value, so that an axis does not change with each of them. */
export function axisMax(highest: number): number {
  if (highest <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(highest));
  return ([1, 2, 4, 5, 8, 10].find((step) => step * unit >= highest * 1.05) ?? 20) * unit;
}
/** The size in which a rate is drawn, so that its axis has round numbers. */
export const unitOf = (bytesPerSecond: number) => (bytesPerSecond >= 2 ** 30 ? 2 ** 30 : bytesPerSecond >= 2 ** 20 ? 2 ** 20 : 2 ** 10);
