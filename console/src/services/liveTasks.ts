// The tasks on screen as the hub last said they are. A row follows its own task: a change of one draws no list anew.
import { useSyncExternalStore } from 'react';
import { replaceEqualDeep } from '@tanstack/react-query';
import type { TaskRowFragment } from './generated/graphql';

type Task = TaskRowFragment;
const keptMax = 1_000;
const tasks = new Map<string, Task>();
const watchers = new Map<string, Set<() => void>>();

/** What is not watched any more goes first where there are too many. */
function prune() {
  for (const id of tasks.keys()) {
    if (tasks.size <= keptMax) return;
    if (!watchers.has(id)) tasks.delete(id);
  }
}
export function publishTasks(changed: readonly Task[]) {
  for (const task of changed) {
    const known = tasks.get(task.id);
    const now = known ? replaceEqualDeep(known, task) : task;
    if (now === known) continue;
    tasks.delete(task.id); // the newest is the last
    tasks.set(task.id, now);
    watchers.get(task.id)?.forEach((notify) => notify());
  }
  if (tasks.size > keptMax) prune();
}
export const liveTask = (id: string) => tasks.get(id);

function watch(id: string, notify: () => void) {
  const all = watchers.get(id) ?? new Set();
  watchers.set(id, all.add(notify));
  return () => {
    all.delete(notify);
    if (all.size === 0) watchers.delete(id);
  };
}
/** The task of a row, as it is now. */
export const useLiveTask = (row: Task) => useSyncExternalStore((notify) => watch(row.id, notify), () => tasks.get(row.id) ?? row);
