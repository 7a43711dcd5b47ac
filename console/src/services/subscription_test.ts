import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepSubscribed, pauseMax, type Failure, type Sink } from './subscription';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

function start(behave: (sink: Sink<string>, attempt: number) => void) {
  const seen = { tries: 0, values: [] as string[], failures: [] as Failure[] };
  const subscription = keepSubscribed<string>((sink) => { behave(sink, ++seen.tries); return () => undefined; },
    (value) => seen.values.push(value), (failure) => seen.failures.push(failure));
  return { seen, subscription };
}

test('a socket that always fails is tried with pauses of 1 s to 60 s, never in a loop', () => {
  const { seen } = start((sink) => sink.error(new Error('1006')));
  expect(seen.tries).toBe(1);
  vi.advanceTimersByTime(999);
  expect(seen.tries).toBe(1);
  vi.advanceTimersByTime(1);
  expect(seen.tries).toBe(2);
  vi.advanceTimersByTime(63_000); // 2 + 4 + 8 + 16 + 32 s, and a second
  expect(seen.tries).toBe(7);
  vi.advanceTimersByTime(10 * pauseMax);
  expect(seen.tries).toBe(17);
  expect(seen.failures.every((failure) => failure === 'lost')).toBe(true);
});

test('a refusal, an end and a message with only errors are failures, and are tried again', () => {
  const { seen } = start((sink, attempt) => {
    if (attempt === 1) sink.error([{ message: 'Too many subscriptions.' }]);
    else if (attempt === 2) sink.complete();
    else if (attempt === 3) sink.next({ data: null, errors: [{ message: 'The state cannot be read.' }] });
    else sink.next({ data: 'value' });
  });
  vi.advanceTimersByTime(7_000);
  expect(seen.failures).toEqual([{ refused: 'Too many subscriptions.' }, 'lost', { refused: 'The state cannot be read.' }, undefined]);
  expect(seen.values).toEqual(['value']);
});

test('a value makes the pause short again; connecting alone does not', () => {
  const { seen } = start((sink, attempt) => { if (attempt === 3) sink.next({ data: 'value' }); sink.error(new Error('gone')); });
  vi.advanceTimersByTime(3_000);
  expect(seen.tries).toBe(3);
  vi.advanceTimersByTime(1_000);
  expect(seen.tries).toBe(4);
});

test('nothing happens after the stop, and a restart tries at once', () => {
  const { seen, subscription } = start((sink) => sink.error(new Error('gone')));
  subscription.restart();
  expect(seen.tries).toBe(2);
  subscription.stop();
  vi.advanceTimersByTime(10 * pauseMax);
  expect(seen.tries).toBe(2);
});
