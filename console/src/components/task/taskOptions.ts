import type { Task } from '../../services/tasks';
import type { Declared } from '../options/values';

/** What a task of that action may be told. Where it reads and writes, and how, its locations and endpoints say. */
export function taskOptionsOf(plugin: { options: readonly Declared[] } | undefined, action: Task['action']): Declared[] {
  const isLocation = ({ name }: Declared) => name === 'source' || name === 'destination';
  const isOfSide = ({ name, group }: Declared) => (group === 'source' || group === 'destination') && name.startsWith(`${group}-`);
  return (plugin?.options ?? []).filter((option) => (option.actions.length === 0 || option.actions.includes(action)) && !isLocation(option) && !isOfSide(option));
}
