import Link from '@cloudscape-design/components/link';
import { follow } from '../../app/router';
import { CursorPages } from '../../components/CursorPages';
import { PlainTable } from '../../components/PlainTable';
import { Bar, Elapsed, Time } from '../../components/parts';
import { RunOutcome } from '../../components/run/RunStatus';
import { runName } from '../../components/run/shortId';
import { Trigger } from '../../components/run/Trigger';
import { useFormat, useI18n } from '../../i18n/i18n';
import { countsOf, useRuns, type Run } from '../../services/runs';
import { hubNow } from '../../services/transport';
import type { Task } from '../../services/tasks';

const pageSize = 20;
const tookOf = (run: Run) => Math.max(0, (run.endedAt ? Date.parse(run.endedAt) : hubNow()) - Date.parse(run.createdAt));

/** The runs of a task, the newest first. */
export function RunsOfTask({ task, page, after, onPage }: { task: Task; page: number; after?: string; onPage: (page: number, after?: string) => void }) {
  const { t } = useI18n();
  const f = useFormat();
  const query = useRuns(pageSize, after, { taskId: [task.id] });
  const runs = query.data?.nodes;
  const longest = Math.max(1, ...(runs ?? []).map(tookOf));
  return (
    <PlainTable<Run> title={t('nav.runs')} counter={query.data?.totalCount ? `(${f.count(Number(query.data.totalCount))})` : undefined} items={runs} idOf={(run) => run.id} loading={query.isPending} error={query.error} onRetry={() => void query.refetch()}
      empty={{ title: t('task.neverran'), text: t('task.neverran.text') }}
      pagination={page > 1 || query.data?.pageInfo.hasNextPage ? <CursorPages page={page} after={after} info={query.data?.pageInfo} onChange={onPage} /> : undefined}
      columns={[
        { id: 'run', header: t('runs.col.run'), width: 120, cell: (run) => <Link variant="secondary" href={`/runs/${run.id}`} onFollow={follow}><b title={run.id}>{runName(run)}</b></Link> },
        { id: 'started', short: true, header: t('runs.col.started'), width: 170, cell: (run) => <Time at={run.createdAt} relative={false} /> },
        { id: 'trigger', short: true, header: t('runs.col.trigger'), width: 160, cell: (run) => <Trigger run={run} /> },
        { id: 'state', header: t('runs.col.state'), width: 250, cell: (run) => <RunOutcome run={run} /> },
        { id: 'took', header: t('runs.col.took'), width: 150, cell: (run) => <div className="dth-two"><Elapsed since={run.createdAt} until={run.endedAt} /><Bar size="thin" label={t('task.took.longest')} parts={[{ share: tookOf(run) / longest, look: 'soft' }]} /></div> },
        { id: 'copied', short: true, header: t('count.copied'), width: 100, cell: (run) => <span className="dth-num">{f.count(countsOf(run).copied)}</span> },
        { id: 'failed', short: true, header: t('count.failed'), width: 90, cell: (run) => <span className="dth-num">{f.count(countsOf(run).failed)}</span> },
        { id: 'bytes', short: true, header: t('runs.col.bytes'), width: 100, cell: (run) => <span className="dth-num">{f.bytes(countsOf(run).bytes)}</span> },
      ]} />
  );
}
