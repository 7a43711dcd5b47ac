import type { RunDetail } from '../../services/runs';

export type Phase = 'LIST' | 'COPY' | 'VERIFY' | 'DELETE' | 'CLOSE';
export type PhaseState = 'done' | 'now' | 'todo';

const jobs: Record<Phase, RegExp> = {
  LIST: /scan/, COPY: /copy|part|finish|last|restore|retry/, VERIFY: /check/, DELETE: /extra|remove/, CLOSE: /close/,
};

/** The phases of a run in their order; several go on at once. A phase is under way while jobs of its kinds are left. */
export function phasesOf(run: Pick<RunDetail, 'action' | 'state' | 'isOver' | 'backlog'>): { phase: Phase; state: PhaseState }[] {
  const order: Phase[] = run.action === 'VERIFY' ? ['LIST', 'VERIFY', 'CLOSE'] : run.action === 'SYNC' ? ['LIST', 'COPY', 'VERIFY', 'DELETE', 'CLOSE'] : ['LIST', 'COPY', 'VERIFY', 'CLOSE'];
  if (run.isOver) return order.map((phase) => ({ phase, state: run.state === 'SUCCEEDED' || run.state === 'COMPLETED_WITH_FAILURES' || phase === 'CLOSE' ? 'done' : 'todo' }));
  const left = (phase: Phase) => run.backlog.some(({ kind, jobs: n }) => Number(n) > 0 && jobs[phase].test(kind));
  const isListing = left('LIST');
  const states = new Map<Phase, PhaseState>();
  states.set('LIST', run.state === 'QUEUED' ? 'todo' : isListing ? 'now' : 'done');
  states.set('COPY', left('COPY') ? 'now' : isListing || run.state === 'QUEUED' ? 'todo' : 'done');
  // Each copy is verified before it counts as copied.
  states.set('VERIFY', run.action === 'VERIFY' ? (left('VERIFY') ? 'now' : isListing ? 'todo' : 'done') : states.get('COPY')!);
  states.set('DELETE', left('DELETE') ? (states.get('COPY') === 'done' ? 'now' : 'todo') : isListing ? 'todo' : 'done');
  states.set('CLOSE', left('CLOSE') ? 'now' : 'todo');
  return order.map((phase) => ({ phase, state: states.get(phase)! }));
}
