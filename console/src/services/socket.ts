// The one WebSocket of the console, for subscriptions.
import { type Client, createClient } from 'graphql-ws';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { onReturn, reportContact, reportSilence } from './connection';
import type { TypedDocumentString } from './generated/graphql';

const hiddenMax = 60_000; // then a hidden tab gives up its socket

let client: Client | undefined;
function socket(): Client {
  client ??= createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    lazy: true, keepAlive: 15_000, retryAttempts: 0,
    on: { connected: () => reportContact() },
  });
  return client;
}

// Hidden for so long that nobody watches.
let asleep = false;
const sleepers = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
document.addEventListener('visibilitychange', () => {
  clearTimeout(timer);
  const set = (value: boolean) => {
    if (asleep === value) return;
    asleep = value;
    sleepers.forEach((listener) => listener());
  };
  if (document.hidden) timer = setTimeout(() => set(true), hiddenMax);
  else set(false);
});
export const useAsleep = () => useSyncExternalStore(
  (listener) => { sleepers.add(listener); return () => { sleepers.delete(listener); }; }, () => asleep);

/**
 * Subscribes while `enabled` and the tab is in sight, and again after each loss. Values come at most once a frame: of several in
 * one frame the last.
 */
export function useSubscription<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentString<Data, Variables>, variables: Variables, enabled: boolean, onValue: (data: Data) => void,
) {
  const latest = useRef(onValue);
  useEffect(() => { latest.current = onValue; });
  const sleeping = useAsleep();
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (!enabled || sleeping) return;
    let stop: (() => void) | undefined;
    let frame = 0;
    let last: Data | undefined;
    let ended = false;
    const begin = () => {
      stop?.();
      stop = socket().subscribe<Data>({ query: document.toString(), variables: JSON.parse(key) as Record<string, unknown> }, {
        next: (message) => {
          if (!message.data) return;
          last = message.data;
          if (!frame) frame = requestAnimationFrame(() => { frame = 0; if (last && !ended) latest.current(last); });
        },
        // An array holds what the hub refused; everything else is a socket that was lost.
        error: (reason) => { if (!ended && !Array.isArray(reason)) reportSilence(); },
        complete: () => undefined,
      });
    };
    begin();
    const forget = onReturn(begin);
    return () => { ended = true; forget(); cancelAnimationFrame(frame); stop?.(); };
  }, [document, key, enabled, sleeping]);
}
