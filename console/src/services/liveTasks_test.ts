import { expect, test } from 'vitest';
import type { TaskRowFragment } from './generated/graphql';
import { liveTask, publishTasks } from './liveTasks';

const task = (id: string, name: string) => ({ id, name, labels: [] }) as unknown as TaskRowFragment;

test('a task that is told again as it is stays the same object', () => {
  publishTasks([task('a', 'one')]);
  const first = liveTask('a');
  publishTasks([task('a', 'one')]);
  expect(liveTask('a')).toBe(first);
  publishTasks([task('a', 'two')]);
  expect(liveTask('a')?.name).toBe('two');
});

test('of tasks that nobody watches only some are kept', () => {
  publishTasks(Array.from({ length: 3_000 }, (_, i) => task(`t${i}`, 'x')));
  expect(liveTask('t0')).toBeUndefined();
  expect(liveTask('t2999')).toBeDefined();
});
