import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useNow } from '../../app/clock';
import { useFormat, useI18n } from '../../i18n/i18n';
import { Refused } from '../../services/mutation';
import { useSchedulePreview, type ScheduleInput } from '../../services/tasks';
import { RegionError } from '../RegionError';

/** The next five runs of a schedule in its zone, and what its clocks do to them. */
export function NextRuns({ schedule, enabled = true }: { schedule: ScheduleInput; enabled?: boolean }) {
  const { t, zone: here } = useI18n();
  const f = useFormat();
  const now = useNow();
  const query = useSchedulePreview(schedule, enabled && schedule.kind !== 'MANUAL');
  if (schedule.kind === 'MANUAL') return <Box color="text-body-secondary">{t('schedule.manual.text')}</Box>;
  if (!enabled) return <Box color="text-body-secondary">{t('schedule.incomplete')}</Box>;
  if (query.error) return query.error instanceof Refused ? <Box color="text-status-error">{query.error.message}</Box> : <RegionError error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Box color="text-body-secondary">{t('loading')}</Box>;
  const { times, notes } = query.data;
  const isElsewhere = schedule.zone !== here;
  return (
    <SpaceBetween size="s">
      <ol className={query.isFetching ? 'dth-times dth-refreshing' : 'dth-times'}>
        {times.map(({ at, local }) => (
          <li key={at}><span className="dth-num" title={local}>{f.whenIn(new Date(at), schedule.zone || here)}</span><span className="dth-small dth-muted dth-num">{isElsewhere ? t('schedule.here', { at: f.when(new Date(at), now), ago: f.ago(new Date(at), now) }) : f.ago(new Date(at), now)}</span></li>
        ))}
      </ol>
      {notes.map((note) => (
        <Alert key={`${note.kind}${note.at ?? ''}`} type={note.kind === 'NEVER' ? 'warning' : 'info'}>
          {t(`schedule.note.${note.kind}`, { local: note.local ?? '', zone: schedule.zone ?? '', at: note.at ? f.when(new Date(note.at), now) : '' })}
        </Alert>
      ))}
    </SpaceBetween>
  );
}
