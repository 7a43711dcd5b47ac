// Whether the hub answers HTTP. Requests report what they see; while it is silent, one probe asks for its version, with growing
// pauses, and everything on screen is fetched again once it answers. The socket is another matter: services/subscription.ts.
import { useSyncExternalStore } from 'react';

export type ConnectionState = 'live' | 'reconnecting' | 'lost';
export interface Connection {
  state: ConnectionState;
  /** When it last answered. */
  lastContact: number;
  nextTry?: number;
  /** It answers as another version than the one this page came from. */
  upgraded: boolean;
}

const reconnectingAfter = 3_000;
const lostAfter = 15_000;
const pauseMax = 10_000;

let connection: Connection = { state: 'live', lastContact: Date.now(), upgraded: false };
let silentSince: number | undefined;
let pause = 1_000;
let timer: ReturnType<typeof setTimeout> | undefined;
let version: string | undefined;
let probe: (signal: AbortSignal) => Promise<string> = () => Promise.reject(new Error('no probe'));
const listeners = new Set<() => void>();
const returned = new Set<() => void>();

function set(change: Partial<Connection>) {
  connection = { ...connection, ...change };
  listeners.forEach((listener) => listener());
}

/** `ask` answers with the hub's version. Called once, when the console starts. */
export function startConnection(ask: (signal: AbortSignal) => Promise<string>) {
  probe = ask;
  void ask(AbortSignal.timeout(10_000)).then(learnVersion).catch(() => undefined);
}

function learnVersion(answer: string) {
  if (version !== undefined && answer !== version) set({ upgraded: true });
  version ??= answer;
}

export function reportContact() {
  const was = silentSince;
  silentSince = undefined;
  pause = 1_000;
  clearTimeout(timer);
  timer = undefined;
  if (was === undefined) {
    connection.lastContact = Date.now();
    return;
  }
  set({ state: 'live', lastContact: Date.now(), nextTry: undefined });
  // What answers after a silence may be another version.
  void probe(AbortSignal.timeout(10_000)).then(learnVersion).catch(() => undefined);
  // One request that failed among others that are answered is no silence: fetching all again would make the next one.
  if (Date.now() - was >= reconnectingAfter) returned.forEach((listener) => listener());
}

export function reportSilence() {
  if (silentSince === undefined) silentSince = Date.now();
  if (timer === undefined) schedule();
}

function schedule() {
  const silent = Date.now() - (silentSince ?? Date.now());
  const state: ConnectionState = silent >= lostAfter ? 'lost' : silent >= reconnectingAfter ? 'reconnecting' : connection.state;
  set({ state, nextTry: Date.now() + pause });
  timer = setTimeout(() => void tryNow(), pause);
  pause = Math.min(pauseMax, pause * 1.6);
}

export async function tryNow() {
  clearTimeout(timer);
  timer = undefined;
  try {
    learnVersion(await probe(AbortSignal.timeout(10_000)));
    reportContact();
  } catch {
    if (silentSince === undefined) silentSince = Date.now();
    schedule();
  }
}

/** Calls back each time that the hub answers again after a silence of seconds. */
export function onReturn(listener: () => void) {
  returned.add(listener);
  return () => { returned.delete(listener); };
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
};
export const isUpgraded = () => connection.upgraded;
export const useConnection = () => useSyncExternalStore(subscribe, () => connection);
