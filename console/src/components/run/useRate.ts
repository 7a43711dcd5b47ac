import { useState } from 'react';
import { countsOf, type RunDetail } from '../../services/runs';

interface Sample { at: number; items: number; bytes: number }
const windowMilliseconds = 20_000;
const shortestMilliseconds = 3_000;

/** Items and bytes a second over the last 20 s that this page has seen; nothing in its first 3 s. */
export function useRate(run: RunDetail): { items: number; bytes: number } | undefined {
  const { done, bytes, matched, differs, missing, undetermined } = countsOf(run);
  const items = run.action === 'VERIFY' ? matched + differs + missing + undetermined : done;
  const [samples, setSamples] = useState<Sample[]>([]);
  const last = samples.at(-1);
  if (!last || last.items !== items || last.bytes !== bytes) {
    const at = Date.now();
    setSamples([...samples.filter((each) => at - each.at < windowMilliseconds), { at, items, bytes }]);
  }
  const first = samples[0];
  if (!first || !last || last.at - first.at < shortestMilliseconds || run.state !== 'RUNNING') return undefined;
  const seconds = (last.at - first.at) / 1000;
  return { items: (last.items - first.items) / seconds, bytes: (last.bytes - first.bytes) / seconds };
}
