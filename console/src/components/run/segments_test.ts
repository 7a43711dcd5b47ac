import { expect, test } from 'vitest';
import { segmentsOf } from './segments';

const at = (...seconds: number[]) => seconds.map((second) => ({ x: new Date(second * 1000), y: 1 }));
const seconds = (segments: { x: Date }[][]) => segments.map((segment) => segment.map(({ x }) => x.getTime() / 1000));

test('a line breaks where steps are missing', () => {
  expect(seconds(segmentsOf(at(0, 10, 20, 60, 70), 10))).toEqual([[0, 10, 20], [60, 70]]);
  expect(seconds(segmentsOf(at(0, 10, 20), 10))).toEqual([[0, 10, 20]]);
});

test('a step between two gaps is seen', () => {
  expect(seconds(segmentsOf(at(0, 10, 60, 120, 130), 10))).toEqual([[0, 10], [60, 65], [120, 130]]);
  expect(segmentsOf([], 10)).toEqual([]);
});
