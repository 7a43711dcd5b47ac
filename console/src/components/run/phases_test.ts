import { expect, test } from 'vitest';
import type { RunDetail } from '../../services/runs';
import { phasesOf } from './phases';

const run = (action: RunDetail['action'], kinds: string[], state: RunDetail['state'] = 'RUNNING') =>
  phasesOf({ action, state, isOver: state === 'SUCCEEDED' || state === 'FAILED', backlog: kinds.map((kind) => ({ kind, jobs: '1', items: '1' })) } as Parameters<typeof phasesOf>[0])
    .map(({ phase, state: is }) => `${phase} ${is}`).join(', ');

test('listing and copying go on at once', () => {
  expect(run('COPY', ['scan', 'copy'])).toBe('LIST now, COPY now, VERIFY now, CLOSE todo');
});
test('a queued run has begun nothing', () => {
  expect(run('COPY', ['scan'], 'QUEUED')).toBe('LIST todo, COPY todo, VERIFY todo, CLOSE todo');
});
test('deletions wait for copies', () => {
  expect(run('SYNC', ['copy', 'find_extra'])).toBe('LIST done, COPY now, VERIFY now, DELETE todo, CLOSE todo');
  expect(run('SYNC', ['remove'])).toBe('LIST done, COPY done, VERIFY done, DELETE now, CLOSE todo');
});
test('a run that failed did not do all of its phases', () => {
  expect(run('COPY', [], 'FAILED')).toBe('LIST todo, COPY todo, VERIFY todo, CLOSE done');
  expect(run('VERIFY', [], 'SUCCEEDED')).toBe('LIST done, VERIFY done, CLOSE done');
});
