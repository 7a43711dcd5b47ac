import { useState } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import { follow } from '../../app/router';
import { CursorPages } from '../../components/CursorPages';
import { ListPage, type Column } from '../../components/ListPage';
import { CodeLine, Dash, Elapsed, FromTo, Live, Time } from '../../components/parts';
import { RunOutcome } from '../../components/run/RunStatus';
import { useFormat, useI18n, type I18n } from '../../i18n/i18n';
import type { Format } from '../../i18n/format';
import { countsOf, useRuns, type Run } from '../../services/runs';

const route = getRouteApi('/runs');
const pageSize = 50;

function columnsOf({ t, word }: I18n, f: Format): Column<Run>[] {
  const number = (pick: (c: ReturnType<typeof countsOf>) => number) => function Cell(run: Run) {
    const value = pick(countsOf(run));
    return value === 0 ? <Dash /> : <span className="dth-num">{f.count(value)}</span>;
  };
  return [
    { id: 'run', header: t('runs.col.run'), width: 210, minWidth: 150, cell: (run) => (
      <div className="dth-two">
        <Link href={`/runs/${run.id}`} onFollow={follow} variant="secondary"><b className="dth-ellipsis" title={run.id}>{shortId(run.id)}</b></Link>
        <span className="dth-small dth-muted">{word('kind', `${run.kind}.${run.action}`)}</span>
      </div>
    ) },
    { id: 'route', header: t('runs.col.route'), width: 280, minWidth: 200, cell: (run) => <FromTo source={run.source} destination={run.destination} /> },
    { id: 'state', header: t('runs.col.state'), width: 250, minWidth: 200, cell: (run) => <RunOutcome run={run} /> },
    { id: 'started', header: t('runs.col.started'), width: 130, minWidth: 110, cell: (run) => <Time at={run.createdAt} /> },
    { id: 'took', header: t('runs.col.took'), width: 110, minWidth: 100, cell: (run) => <Elapsed since={run.createdAt} until={run.endedAt} /> },
    { id: 'copied', header: t('count.copied'), width: 110, minWidth: 90, cell: number((c) => c.copied) },
    { id: 'verified', header: t('count.verified'), width: 110, minWidth: 90, optional: true, cell: number((c) => c.verified + c.matched) },
    { id: 'failed', header: t('count.failed'), width: 100, minWidth: 90, cell: number((c) => c.failed) },
    { id: 'bytes', header: t('runs.col.bytes'), width: 110, minWidth: 90, optional: true, cell: (run) => <span className="dth-num">{f.bytes(countsOf(run).bytes)}</span> },
  ];
}

/** Enough to tell runs apart; the whole id is in the title, the address and on the run's page. */
export const shortId = (id: string) => (id.length > 16 ? `${id.slice(0, 14)}…` : id);

export default function RunsPage() {
  const i18n = useI18n();
  const { t } = i18n;
  const f = useFormat();
  const navigate = useNavigate();
  const search = route.useSearch();
  const query = useRuns(pageSize, search.after);
  // Rows stay where they are: what came since is announced, and shown when the reader asks for it.
  const [frozen, setFrozen] = useState<{ after?: string; ids: string[] }>();
  const nodes = query.data?.nodes;
  if (nodes && !query.isPlaceholderData && (!frozen || frozen.after !== search.after)) setFrozen({ after: search.after, ids: nodes.map(({ id }) => id) });
  const newest = nodes && frozen ? nodes.filter(({ id }) => !frozen.ids.includes(id)) : [];
  const items = nodes && frozen ? nodes.filter(({ id }) => frozen.ids.includes(id)) : nodes;
  return (
    <ListPage<Run>
      title={t('nav.runs')} info={<Live />} preferencesKey="runs" nameOf={(run) => run.id} idOf={(run) => run.id} columns={columnsOf(i18n, f)}
      items={items} loading={query.isPending} error={query.data ? null : query.error} onRetry={() => void query.refetch()}
      notice={newest.length > 0 && !search.after && (
        <Button iconName="refresh" onClick={() => setFrozen({ after: search.after, ids: nodes!.map(({ id }) => id) })}>{t('runs.new', { n: newest.length })}</Button>
      )}
      pagination={<CursorPages page={search.page ?? 1} info={query.data?.pageInfo} after={search.after}
        onChange={(page, after) => void navigate({ to: '/runs', search: { ...search, page: page > 1 ? page : undefined, after } })} />}
      empty={{ title: t('runs.none'), text: t('runs.none.text'), action: <CodeLine text="dth copy s3://SOURCE/ s3://DESTINATION/" /> }}
    />
  );
}
