import type { RunDetail } from '../../services/runs';

/** The hub's balance as numbers. What was found is exactly the sum of what became of it and what is pending. */
export function balanceOf(run: Pick<RunDetail, 'progress'>) {
  const { items } = run.progress;
  const b = {
    copied: Number(items.copied), unchanged: Number(items.unchanged), skipped: Number(items.skipped), matched: Number(items.matched), undetermined: Number(items.undetermined),
    deletedAtSource: Number(items.deletedAtSource), failed: Number(items.failed), deleted: Number(items.deleted), pending: Number(items.pending),
  };
  const found = Number(items.selected) + Number(items.toDelete);
  return { ...b, found, done: found - b.pending };
}
export type Balance = ReturnType<typeof balanceOf>;

export const isListing = (run: { isOver: boolean; progress: { phases: readonly Pick<RunDetail['progress']['phases'][number], 'phase' | 'state'>[] } }) => !run.isOver && run.progress.phases.some(({ phase, state }) => phase === 'LIST' && (state === 'RUNNING' || state === 'PENDING'));
