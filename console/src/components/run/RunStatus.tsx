import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Format } from '../../i18n/format';
import { useFormat, useI18n, type Translate } from '../../i18n/i18n';
import { countsOf, type Run, type RunState } from '../../services/runs';
import { sentence } from '../options/values';
import { Bar } from '../parts';

const looks: Record<RunState, StatusIndicatorProps.Type> = {
  QUEUED: 'pending', RUNNING: 'in-progress', WAITING: 'warning', PAUSED: 'stopped', CANCELLING: 'in-progress', INTERRUPTED: 'warning',
  SUCCEEDED: 'success', COMPLETED_WITH_FAILURES: 'warning', FAILED: 'error', CANCELLED: 'stopped',
};

export function RunStatus({ run }: { run: Pick<Run, 'state'> }) {
  const { word } = useI18n();
  return <StatusIndicator type={looks[run.state] ?? 'info'} colorOverride={run.state === 'RUNNING' ? 'blue' : undefined}>{word('state', run.state)}</StatusIndicator>;
}

/** What a run came to, or how far it is, in a few words. */
export function outcomeOf(run: Run, t: Translate, f: Format): string {
  const c = countsOf(run);
  if (run.waiting) return t(`waits.${run.waiting.for}`);
  if (run.state === 'FAILED' && run.error) return sentence(run.error);
  if (run.action === 'VERIFY') return t('outcome.verify', { matched: f.count(c.matched), n: f.count(c.selected) });
  if (run.isOver && c.copied + c.failed === 0) return c.unchanged > 0 ? t('outcome.unchanged', { n: f.count(c.unchanged) }) : t('outcome.nothing');
  if (run.isOver) return t('outcome.verified', { verified: f.count(c.verified), n: f.count(c.copied + c.failed) });
  return t('outcome.sofar', { done: f.count(c.done), n: f.count(c.selected) });
}

/** One line that says how a run stands, for lists: a bar while it is under way, the outcome afterwards. */
export function RunOutcome({ run }: { run: Run }) {
  const { t } = useI18n();
  const f = useFormat();
  const c = countsOf(run);
  const text = outcomeOf(run, t, f);
  return (
    <div className="dth-two">
      <RunStatus run={run} />
      {run.state === 'RUNNING' && <Bar size="thin" label={text} parts={[{ share: (c.done + c.matched) / Math.max(1, c.selected), look: 'done' }, { share: c.toDo / Math.max(1, c.selected), look: 'todo' }]} />}
      <span className="dth-small dth-muted dth-num dth-clamp" title={run.waiting?.why ?? text}>{text}</span>
    </div>
  );
}
