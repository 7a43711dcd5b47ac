export interface Point { x: Date; y: number }

/** The pieces of a line between steps that are missing: nobody knows what was there, and no line says that anybody does. */
export function segmentsOf(points: readonly Point[], stepSeconds: number): Point[][] {
  const step = stepSeconds * 1000;
  const segments: Point[][] = [];
  points.forEach((point, i) => {
    const isGap = i === 0 || point.x.getTime() - points[i - 1].x.getTime() > step * 1.5;
    if (isGap) segments.push([point]);
    else segments.at(-1)!.push(point);
  });
  // One step alone is as wide as half of it: a line of one point is not seen.
  return segments.map((segment) => (segment.length > 1 || points.length === 1 ? segment : [segment[0], { x: new Date(segment[0].x.getTime() + step / 2), y: segment[0].y }]));
}
