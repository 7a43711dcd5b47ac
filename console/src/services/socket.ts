// The one WebSocket of the console, for subscriptions.
import { type Client, createClient } from 'graphql-ws';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { onReturn, tryNow } from './connection';
import type { TypedDocumentString } from './generated/graphql';
import { keepSubscribed, type Failure } from './subscription';

const hiddenMax = 60_000; // then a hidden tab gives up its socket
const pollInterval = 5_000; // while a subscription fails
const pongMax = 10_000; // without an answer for so long the socket is dead

let client: Client | undefined;
let pong: ReturnType<typeof setTimeout> | undefined;
function socket(): Client {
  client ??= createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    lazy: true, keepAlive: 15_000, retryAttempts: 0,
    on: {
      ping: (received) => { if (!received) { clearTimeout(pong); pong = setTimeout(() => client?.terminate(), pongMax); } },
      pong: (received) => { if (received) clearTimeout(pong); },
      closed: () => clearTimeout(pong),
    },
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

// The subscriptions on screen from which no values come, and why.
const failing = new Map<symbol, Failure>();
let failure: Failure;
const watchers = new Set<() => void>();
function setFailure(id: symbol, value: Failure) {
  if (value === undefined) failing.delete(id);
  else failing.set(id, value);
  const next = [...failing.values()].at(-1);
  if (failure === next) return;
  failure = next;
  watchers.forEach((listener) => listener());
}
/** Why something on screen is asked for every few seconds instead of being told by the hub; undefined where nothing is. */
export const useSubscriptionFailure = () => useSyncExternalStore(
  (listener) => { watchers.add(listener); return () => { watchers.delete(listener); }; }, () => failure);

/**
 * Subscribes while `enabled` and the tab is in sight, and again after each loss; meanwhile `poll` is called every few seconds.
 * Values come at most once a frame: of several in one frame the last, or all where each tells of another thing.
 */
export function useSubscription<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentString<Data, Variables>, variables: Variables, enabled: boolean, onValue: (data: Data) => void, poll: () => void, all = false,
) {
  const latest = useRef({ onValue, poll });
  useEffect(() => { latest.current = { onValue, poll }; });
  const sleeping = useAsleep();
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (!enabled || sleeping) return;
    const id = Symbol('subscription');
    let frame = 0;
    let waiting: Data[] = [];
    let timer: ReturnType<typeof setInterval> | undefined;
    const subscription = keepSubscribed<Data>(
      (sink) => socket().subscribe<Data>({ query: document.toString(), variables: JSON.parse(key) as Record<string, unknown> }, sink),
      (data) => {
        waiting = all ? [...waiting, data] : [data];
        if (frame) return;
        frame = requestAnimationFrame(() => {
          const values = waiting;
          [frame, waiting] = [0, []];
          values.forEach((value) => latest.current.onValue(value));
        });
      },
      (reason) => {
        setFailure(id, reason);
        if (reason === undefined) {
          clearInterval(timer);
          timer = undefined;
        } else if (timer === undefined) {
          // Perhaps the hub itself is gone: that is known at once, not with the next poll.
          void tryNow();
          timer = setInterval(() => latest.current.poll(), pollInterval);
        }
      });
    const forget = onReturn(subscription.restart);
    return () => {
      forget();
      subscription.stop();
      clearInterval(timer);
      cancelAnimationFrame(frame);
      setFailure(id, undefined);
    };
  }, [document, key, enabled, sleeping, all]);
}
