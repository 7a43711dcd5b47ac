// What a trace of Chromium says of the script on a page's main thread.
const script = new Set(['FunctionCall', 'EvaluateScript', 'v8.callFunction', 'v8.run', 'RunMicrotasks', 'FireAnimationFrame', 'TimerFire', 'EventDispatch', 'FireIdleCallback']);

/** The events of script by thread, of main threads only. */
function threadsOf(events) {
  const mains = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}.${tid}`));
  const threads = new Map();
  for (const event of events) {
    const id = `${event.pid}.${event.tid}`;
    if (event.ph !== 'X' || !script.has(event.name) || (mains.size > 0 && !mains.has(id))) continue;
    if (!threads.has(id)) threads.set(id, []);
    threads.get(id).push(event);
  }
  return threads;
}

/** Stretches of script: events that lie in each other are one. Milliseconds of the thread's CPU: a busy machine is none of the page's. */
export function stretches(events) {
  const all = [];
  for (const thread of threadsOf(events).values()) {
    let end = -1;
    for (const { ts, dur = 0, tdur = dur } of thread.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
      if (ts < end) continue;
      end = ts + dur;
      all.push(tdur / 1000);
    }
  }
  return all;
}

export function longest(events) {
  const times = stretches(events).toSorted((a, b) => a - b);
  if (times.length === 0) throw new Error('the trace has no script: it was recorded of no page');
  const stamps = events.filter(({ ph, ts }) => ph === 'X' && ts > 0).map(({ ts }) => ts);
  const [first, last] = stamps.reduce(([low, high], ts) => [Math.min(low, ts), Math.max(high, ts)], [Infinity, 0]);
  return { most: times.at(-1), p99: times[Math.floor((times.length - 1) * 0.99)], count: times.length, total: times.reduce((sum, each) => sum + each, 0), span: (last - first) / 1000 };
}
