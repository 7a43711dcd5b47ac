import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useFormat, useI18n } from '../../i18n/i18n';
import { countsOf, type Run, type RunState } from '../../services/runs';
import { Bar, type BarPart } from '../parts';

const looks: Record<RunState, StatusIndicatorProps.Type> = {
  QUEUED: 'pending', RUNNING: 'in-progress', WAITING: 'warning', PAUSED: 'stopped', CANCELLING: 'in-progress', INTERRUPTED: 'warning',
  SUCCEEDED: 'success', COMPLETED_WITH_FAILURES: 'warning', FAILED: 'error', CANCELLED: 'stopped',
};

export function RunStatus({ run }: { run: Pick<Run, 'state'> }) {
  const { word } = useI18n();
  return <StatusIndicator type={looks[run.state] ?? 'info'} colorOverride={run.state === 'RUNNING' ? 'blue' : undefined}>{word('state', run.state)}</StatusIndicator>;
}

/** What remains to be listed is not known: that part of a bar is hatched. */
export function partsOf(run: Run, isListing: boolean): BarPart[] {
  const c = countsOf(run);
  if (run.action === 'VERIFY') {
    const all = Math.max(1, c.selected);
    return [{ share: c.matched / all, look: 'good' }, { share: (c.differs + c.missing + c.failed) / all, look: 'bad' }, { share: c.undetermined / all, look: 'warn' }, ...(isListing ? [{ look: 'open' as const }] : [])];
  }
  const all = Math.max(1, c.selected) * (isListing ? 1.25 : 1);
  return [
    { share: c.copied / all, look: 'done' }, { share: (c.unchanged + c.skipped) / all, look: 'soft' }, { share: (c.failed) / all, look: 'bad' },
    { share: c.deletedAtSource / all, look: 'grey' }, { share: c.toDo / all, look: 'todo' }, ...(isListing ? [{ look: 'open' as const }] : []),
  ];
}

/** One line that says how a run stands, for lists: a bar while it is under way, the outcome afterwards. */
export function RunOutcome({ run }: { run: Run }) {
  const { t } = useI18n();
  const f = useFormat();
  const c = countsOf(run);
  let text: string;
  if (run.waiting) text = run.waiting.why;
  else if (run.state === 'FAILED' && run.error) text = run.error;
  else if (run.action === 'VERIFY') text = t('outcome.verify', { matched: f.count(c.matched), n: f.count(c.selected) });
  else if (run.isOver && c.copied + c.failed === 0) text = c.unchanged > 0 ? t('outcome.unchanged', { n: f.count(c.unchanged) }) : t('outcome.nothing');
  else if (run.isOver) text = t('outcome.verified', { verified: f.count(c.verified), n: f.count(c.copied + c.failed) });
  else text = t('outcome.sofar', { done: f.count(c.done), n: f.count(c.selected) });
  return (
    <div className="dth-two">
      <RunStatus run={run} />
      {run.state === 'RUNNING' && <Bar size="thin" label={text} parts={partsOf(run, false)} />}
      <span className="dth-small dth-muted dth-num dth-ellipsis" title={text}>{text}</span>
    </div>
  );
}
