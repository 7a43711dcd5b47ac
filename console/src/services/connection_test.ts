import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => { vi.useFakeTimers(); vi.resetModules(); });
afterEach(() => { vi.useRealTimers(); });

test('a request that fails among answered ones has nothing fetched again; a silence of seconds has', async () => {
  const { onReturn, reportContact, reportSilence } = await import('./connection');
  let returns = 0;
  onReturn(() => { ++returns; });
  for (let i = 0; i < 100; ++i) {
    reportSilence();
    vi.advanceTimersByTime(20);
    reportContact();
  }
  expect(returns).toBe(0);
  reportSilence();
  vi.advanceTimersByTime(3_000);
  reportContact();
  expect(returns).toBe(1);
});

test('another version is noticed when a request is answered after a silence', async () => {
  const connection = await import('./connection');
  let version = '1.0';
  connection.startConnection(() => Promise.resolve(version));
  await vi.advanceTimersByTimeAsync(0);
  version = '1.1';
  connection.reportSilence();
  connection.reportContact();
  await vi.advanceTimersByTimeAsync(0);
  expect(connection.isUpgraded()).toBe(true);
});
