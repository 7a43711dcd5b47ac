// Messages above a page's content: what was done, and what could not be.
import { useSyncExternalStore } from 'react';
import type { FlashbarProps } from '@cloudscape-design/components/flashbar';

export interface Flash {
  id: string;
  type: 'success' | 'error' | 'info' | 'warning';
  content: string;
  action?: { label: string; run: () => void };
  /** It is read on the page to which the change leads. */
  isForNext?: boolean;
}
const shownMax = 5;
let flashes: Flash[] = [];
let count = 0;
const listeners = new Set<() => void>();
function set(next: Flash[]) {
  flashes = next;
  listeners.forEach((listener) => listener());
}

export function flash(type: Flash['type'], content: string, action?: Flash['action']) {
  set([{ id: `flash-${++count}`, type, content, action }, ...flashes].slice(0, shownMax));
}
/** Says it on the next page: what was done leads there. */
export const flashAfter = (type: Flash['type'], content: string) => set([{ id: `flash-${++count}`, type, content, isForNext: true }, ...flashes].slice(0, shownMax));
export const dismissFlash = (id: string) => set(flashes.filter((each) => each.id !== id));
/** A message belongs to the page on which it was given. */
export const clearFlashes = () => { if (flashes.length) set(flashes.filter(({ isForNext }) => isForNext).map((each) => ({ ...each, isForNext: false }))); };

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
};
export const useFlashes = () => useSyncExternalStore(subscribe, () => flashes);

export const flashItem = (each: Flash, dismissLabel: string): FlashbarProps.MessageDefinition => ({
  id: each.id, type: each.type, content: each.content, dismissible: true, dismissLabel, onDismiss: () => dismissFlash(each.id),
  buttonText: each.action?.label, onButtonClick: each.action?.run,
});
