import Link from '@cloudscape-design/components/link';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useNow } from '../../app/clock';
import { follow } from '../../app/router';
import { useFormat, useI18n } from '../../i18n/i18n';
import { secondsOf } from '../../services/duration';
import { countsOf } from '../../services/runs';
import type { Task, TaskRun } from '../../services/tasks';
import { Bar, Dash, Time, type BarPart } from '../parts';
import { isListing } from '../run/balance';
import { outcomeOf } from '../run/RunStatus';
import { needsZone, scheduleWords } from '../schedule/words';

const looks: Record<Task['activity'], StatusIndicatorProps.Type> = {
  IDLE: 'stopped', QUEUED: 'pending', RUNNING: 'in-progress', WAITING: 'warning', WAITS_FOR_APPROVAL: 'warning', PAUSED: 'stopped', INTERRUPTED: 'warning',
};

export function TaskState({ task }: { task: Task }) {
  const { t, word } = useI18n();
  if (task.state === 'ARCHIVED') return <StatusIndicator type="stopped">{t('task.archived')}</StatusIndicator>;
  if (task.state === 'PAUSED' && task.activity === 'IDLE') return <StatusIndicator type="stopped">{word('activity', 'PAUSED')}</StatusIndicator>;
  if (task.activity === 'IDLE') return <span className="dth-muted dth-body">{word('activity', 'IDLE')}</span>;
  return <StatusIndicator type={looks[task.activity] ?? 'info'} colorOverride={task.activity === 'RUNNING' ? 'blue' : undefined}>{word('activity', task.activity)}</StatusIndicator>;
}

function Running({ run }: { run: TaskRun }) {
  const { t } = useI18n();
  const f = useFormat();
  const { items, timeLeft, expected } = run.progress;
  const found = Number(items.selected) + Number(items.toDelete);
  const done = found - Number(items.pending);
  const listing = isListing(run);
  const whole = Math.max(1, found, listing ? Number(expected?.items ?? found * 1.25) : 0);
  const parts: BarPart[] = [{ share: done / whole, look: 'done' }, { share: (found - done) / whole, look: 'todo' }, ...(listing ? [{ look: 'open' as const }] : [])];
  const left = timeLeft && (timeLeft.kind === 'FLOOR' ? t('figure.left.atleast', { d: f.floor(secondsOf(timeLeft.low)) }) : f.range(secondsOf(timeLeft.low), secondsOf(timeLeft.high)));
  const text = [listing ? t('figure.left.listing') : f.percent(done / whole), left ? t('task.left', { d: left }) : undefined].filter(Boolean).join(' · ');
  return (
    <div className="dth-two">
      <span className="dth-row between"><StatusIndicator type="in-progress" colorOverride="blue">{t('activity.RUNNING')}</StatusIndicator><span className="dth-small dth-muted dth-num">{f.rate(run.progress.bytesPerSecond)}</span></span>
      <Bar size="thin" label={t('outcome.sofar', { done: f.count(done), n: f.count(found) })} parts={parts} />
      <span className="dth-small dth-muted dth-num dth-ellipsis" title={text}>{text}</span>
    </div>
  );
}

/** What the task does at this moment. What its last run came to is another column. */
export function TaskNow({ task }: { task: Task }) {
  const { t } = useI18n();
  const f = useFormat();
  const run = task.currentRun;
  if (task.activity === 'RUNNING' && run) return <Running run={run} />;
  let note: string | undefined;
  if (task.activity === 'WAITS_FOR_APPROVAL' && run?.deletions) note = t('task.deletions', { n: Number(run.deletions.count), count: f.count(Number(run.deletions.count)) });
  else if (run?.waiting) note = t(`waits.${run.waiting.for}`);
  else if (task.state === 'PAUSED' && task.pausedBy) note = t('task.pausedby', { who: task.pausedBy });
  return <div className="dth-two"><TaskState task={task} />{note && <span className="dth-small dth-muted dth-clamp" title={run?.waiting?.why ?? note}>{note}</span>}</div>;
}

export function LastRun({ task }: { task: Task }) {
  const { t, word } = useI18n();
  const f = useFormat();
  const run = task.lastRun;
  if (!run) return <span className="dth-muted">{t(task.currentRun ? 'task.firstrun' : 'task.neverran')}</span>;
  const failed = countsOf(run).failed;
  const text = outcomeOf(run, t, f);
  const type: StatusIndicatorProps.Type = run.state === 'SUCCEEDED' ? 'success' : run.state === 'FAILED' ? 'error' : run.state === 'CANCELLED' ? 'stopped' : 'warning';
  return (
    <div className="dth-two">
      <span className="dth-row"><StatusIndicator type={type}>{run.state === 'COMPLETED_WITH_FAILURES' && failed > 0 ? t('task.failed', { n: f.count(failed) }) : word('state', run.state)}</StatusIndicator><span className="dth-small dth-muted"><Time at={run.endedAt} /></span></span>
      <span className="dth-small dth-muted dth-num dth-clamp" title={text}>{text}</span>
    </div>
  );
}

export function useScheduleWords() {
  const i18n = useI18n();
  const f = useFormat();
  const now = useNow(false);
  return (schedule: Task['schedule']) => scheduleWords(schedule, i18n, f, now);
}

export function NextRun({ task }: { task: Task }) {
  const { t } = useI18n();
  const words = useScheduleWords()(task.schedule);
  const zone = needsZone(task.schedule) ? task.schedule.zone : '';
  return (
    <div className="dth-two">
      {task.state === 'PAUSED' ? <span className="dth-muted">{t('activity.PAUSED')}</span> : task.nextRunAt ? <Time at={task.nextRunAt} /> : <Dash />}
      <span className="dth-small dth-muted dth-clamp" title={zone ? `${words}, ${zone}` : words}>{words}</span>
    </div>
  );
}

export function TaskName({ task }: { task: Task }) {
  const { word } = useI18n();
  return (
    <div className="dth-two">
      <Link variant="secondary" href={`/tasks/${task.id}`} onFollow={follow}><b className="dth-wrap">{task.name}</b></Link>
      <span className="dth-small dth-muted">{word('kind', `${task.kind}.${task.action}`)}</span>
    </div>
  );
}
