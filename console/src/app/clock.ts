// One tick a second for everything that counts time on screen: "9 min ago" needs no message of the hub.
import { useSyncExternalStore } from 'react';
import { hubNow } from '../services/transport';

let now = new Date(hubNow());
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.hidden) return;
    now = new Date(hubNow());
    listeners.forEach((each) => each());
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}
const still = () => () => undefined;

/** The hub's time; ticks only where asked to. */
export const useNow = (ticks = true) => useSyncExternalStore(ticks ? subscribe : still, () => now);
