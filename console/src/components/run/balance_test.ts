import { expect, test } from 'vitest';
import type { RunDetail } from '../../services/runs';
import { balanceOf, isListing } from './balance';
import { axisMax } from './axis';

const zero = { listed: '0', leftOut: '0', selected: '0', toDelete: '0', copied: '0', unchanged: '0', skipped: '0', matched: '0', undetermined: '0', deletedAtSource: '0', failed: '0', deleted: '0', pending: '0' };
const progress = (items: Partial<typeof zero>, list: 'PENDING' | 'RUNNING' | 'DONE') => ({
  isOver: false, progress: { items: { ...zero, ...items }, phases: [{ phase: 'LIST', state: list, items: '0', pendingJobs: '0', pendingItems: '0' }] } as unknown as RunDetail['progress'],
});

test('what is done and what is pending is what was found', () => {
  const balance = balanceOf(progress({ selected: '100', toDelete: '5', copied: '60', failed: '2', pending: '43' }, 'RUNNING'));
  expect(balance.found).toBe(105);
  expect(balance.done).toBe(62);
});
test('a run lists until that phase is done', () => {
  expect(isListing(progress({}, 'PENDING'))).toBe(true);
  expect(isListing(progress({}, 'RUNNING'))).toBe(true);
  expect(isListing(progress({}, 'DONE'))).toBe(false);
  expect(isListing({ ...progress({}, 'RUNNING'), isOver: true })).toBe(false);
});
test('an axis ends at a round number above its values', () => {
  expect([0, 1, 3.9, 380, 612, 975].map(axisMax)).toEqual([1, 2, 5, 400, 800, 2000]);
});
