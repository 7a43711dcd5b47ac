import { expect, test } from 'vitest';
import { KeyKeeper } from './idempotency';

test('the same input has the same key until the hub has answered', () => {
  const keys = new KeyKeeper();
  const first = keys.keyFor({ id: 'run_1' });
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(keys.keyFor({ id: 'run_1' })).toBe(first);
  expect(keys.keyFor({ id: 'run_2' })).not.toBe(first);
  const second = keys.keyFor({ id: 'run_2' });
  keys.settle();
  expect(keys.keyFor({ id: 'run_2' })).not.toBe(second);
});
