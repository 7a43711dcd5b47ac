import { useState } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import Button from '@cloudscape-design/components/button';
import PropertyFilter from '@cloudscape-design/components/property-filter';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Link from '@cloudscape-design/components/link';
import { follow } from '../../app/router';
import { CursorPages } from '../../components/CursorPages';
import { changesSince, freeze, thaw, type Frozen } from '../../components/frozen';
import { filterOf, parseFilter, tokensOf, writeFilter, type Filter } from '../../components/filter';
import { ListPage, type Column } from '../../components/ListPage';
import { CodeLine, Dash, Elapsed, FromTo, Live, Time } from '../../components/parts';
import { Trigger } from '../../components/run/Trigger';
import { RunOutcome } from '../../components/run/RunStatus';
import { runName, shortId } from '../../components/run/shortId';
import { useFormat, useI18n, type I18n } from '../../i18n/i18n';
import type { Format } from '../../i18n/format';
import { attentionStates, countsOf, runStates, unfinishedStates, useRuns, type Run, type RunFilter, type RunState } from '../../services/runs';
import { useTaskNames } from '../../services/tasks';

const route = getRouteApi('/runs');
const pageSize = 50;

function columnsOf({ t, word }: I18n, f: Format): Column<Run>[] {
  const number = (pick: (c: ReturnType<typeof countsOf>) => number) => function Cell(run: Run) {
    const value = pick(countsOf(run));
    return value === 0 ? <Dash /> : <span className="dth-num">{f.count(value)}</span>;
  };
  return [
    { id: 'run', header: t('runs.col.run'), width: 135, minWidth: 120, cell: (run) => (
      <div className="dth-two">
        <Link href={`/runs/${run.id}`} onFollow={follow} variant="secondary"><b className="dth-ellipsis" title={run.id}>{run.number ? runName(run) : shortId(run.id)}</b></Link>
        <span className="dth-small dth-muted">{word('kind', `${run.kind}.${run.action}`)}</span>
      </div>
    ) },
    { id: 'task', header: t('runs.col.task'), width: 195, minWidth: 130, cell: (run) => (run.task ? <Link href={`/tasks/${run.task.id}`} onFollow={follow} variant="secondary"><span className="dth-wrap">{run.task.name}</span></Link> : <span className="dth-muted">{run.trigger === 'COMMAND_LINE' ? t('trigger.COMMAND_LINE') : t('runs.notask')}</span>) },
    { id: 'route', header: t('runs.col.route'), width: 225, minWidth: 180, cell: (run) => <FromTo source={run.source} destination={run.destination} /> },
    { id: 'state', header: t('runs.col.state'), width: 200, minWidth: 180, cell: (run) => <RunOutcome run={run} /> },
    { id: 'trigger', header: t('runs.col.trigger'), width: 130, minWidth: 110, optional: true, cell: (run) => <Trigger run={run} /> },
    { id: 'started', short: true, header: t('runs.col.started'), width: 105, minWidth: 105, cell: (run) => <Time at={run.createdAt} /> },
    { id: 'took', short: true, header: t('runs.col.took'), width: 105, minWidth: 90, cell: (run) => <Elapsed since={run.createdAt} until={run.endedAt} /> },
    { id: 'copied', short: true, header: t('count.copied'), width: 95, minWidth: 90, cell: number((c) => c.copied) },
    { id: 'verified', header: t('count.verified'), width: 110, minWidth: 90, optional: true, cell: number((c) => c.verified + c.matched) },
    { id: 'failed', short: true, header: t('count.failed'), width: 80, minWidth: 90, cell: number((c) => c.failed) },
    { id: 'bytes', header: t('runs.col.bytes'), width: 110, minWidth: 90, optional: true, cell: (run) => <span className="dth-num">{f.bytes(countsOf(run).bytes)}</span> },
  ];
}

const views = ['all', 'running', 'attention'] as const;
type View = (typeof views)[number];
const viewStates: Record<View, readonly RunState[] | undefined> = { all: undefined, running: unfinishedStates, attention: attentionStates };
const properties = ['state', 'action', 'task', 'trigger'] as const;
const triggers = ['COMMAND_LINE', 'MANUAL', 'SCHEDULE', 'RETRY'] as const;
const actions = ['COPY', 'SYNC', 'VERIFY'] as const;

/** What the hub is asked for. A state in the filter counts instead of the view's. */
function runFilterOf(view: View, filter: Filter): RunFilter {
  return {
    state: (filter.state as RunState[] | undefined) ?? (viewStates[view] as RunState[] | undefined) ?? null,
    action: (filter.action as (typeof actions)[number][] | undefined) ?? null, text: filter.text?.[0] ?? null,
    taskId: (filter.task as string[] | undefined) ?? null, trigger: (filter.trigger as (typeof triggers)[number][] | undefined) ?? null,
  };
}

function RunsFilter({ view, filter, total, onChange }: { view: View; filter: Filter; total?: number; onChange: (view: View, filter: Filter) => void }) {
  const { t, word } = useI18n();
  const [typed, setTyped] = useState('');
  const tasks = useTaskNames(typed);
  const options = [
    ...runStates.map((value) => ({ propertyKey: 'state', value, label: word('state', value) })), ...actions.map((value) => ({ propertyKey: 'action', value, label: word('action', value) })),
    ...triggers.map((value) => ({ propertyKey: 'trigger', value, label: word('trigger', value) })), ...(tasks.data ?? []).map(({ id, name }) => ({ propertyKey: 'task', value: id, label: name })),
  ];
  return (
    <SpaceBetween size="s">
      <SegmentedControl selectedId={view} label={t('view')} onChange={({ detail }) => { onChange(detail.selectedId as View, Object.fromEntries(Object.entries(filter).filter(([name]) => name !== 'state'))); }}
        options={views.map((id) => ({ id, text: t(`runs.view.${id}`) }))} />
      <PropertyFilter query={tokensOf(filter)} hideOperations expandToViewport filteringAriaLabel={t('runs.find')} filteringPlaceholder={t('runs.find')} filteringOptions={options}
        countText={total === undefined ? undefined : t('list.matches', { n: total })}
        filteringProperties={properties.map((key) => ({ key, propertyLabel: t(`runs.property.${key}`), groupValuesLabel: t(`runs.property.${key}`), operators: ['='] }))}
        freeTextFiltering={{ operators: [':'], defaultOperator: ':' }} onLoadItems={({ detail }) => { if (detail.filteringProperty?.key === 'task') setTyped(detail.filteringText); }}
        onChange={({ detail }) => { const changed = filterOf(detail, properties); onChange(changed.state ? 'all' : view, changed); }} />
    </SpaceBetween>
  );
}

export default function RunsPage() {
  const i18n = useI18n();
  const { t } = i18n;
  const f = useFormat();
  const navigate = useNavigate();
  const search = route.useSearch();
  const view = views.find((each) => each === search.view) ?? 'all';
  const filter = parseFilter(search.filter, properties);
  const isFiltered = view !== 'all' || Object.keys(filter).length > 0;
  const change = (next: View, changed: Filter) => void navigate({ to: '/runs', search: { view: next === 'all' ? undefined : next, filter: writeFilter(changed) } });
  const query = useRuns(pageSize, search.after, runFilterOf(view, filter));
  // Rows stay where they are: what came since is announced, and shown when the reader asks for it.
  const shownKey = JSON.stringify([view, search.filter, search.after]);
  const [frozen, setFrozen] = useState<Frozen<Run>>();
  const nodes = query.data?.nodes;
  if (nodes && !query.isPlaceholderData && (frozen?.key !== shownKey || frozen.from !== nodes)) {
    setFrozen(frozen?.key === shownKey ? thaw(frozen, nodes) : freeze(shownKey, nodes));
  }
  const isShown = frozen?.key === shownKey;
  const items = isShown ? frozen.rows : nodes;
  const { added, gone } = isShown ? changesSince(frozen) : { added: 0, gone: 0 };
  // New runs push the last rows to the next page; only in a part of the list do rows leave it.
  const notice = added > 0 && !search.after ? t('runs.new', { n: added }) : gone > 0 ? t('runs.gone', { n: gone }) : undefined;
  const total = query.data?.totalCount;
  return (
    <ListPage<Run>
      title={t('nav.runs')} info={<Live />} counter={total ? `(${f.count(Number(total))})` : undefined} preferencesKey="runs" nameOf={(run) => run.id} idOf={(run) => run.id} columns={columnsOf(i18n, f)}
      items={items} loading={query.isPending} error={query.data ? null : query.error} onRetry={() => void query.refetch()}
      filter={<RunsFilter view={view} filter={filter} total={isFiltered && total ? Number(total) : undefined} onChange={change} />} filtered={isFiltered} onClearFilter={() => change('all', {})}
      notice={notice && nodes && <Button iconName="refresh" onClick={() => setFrozen(freeze(shownKey, nodes))}>{notice}</Button>}
      pagination={<CursorPages page={search.page ?? 1} info={query.data?.pageInfo} after={search.after}
        onChange={(page, after) => void navigate({ to: '/runs', search: { ...search, page: page > 1 ? page : undefined, after } })} />}
      empty={{ title: t('runs.none'), text: t('runs.none.text'), action: <CodeLine text="dth copy s3://SOURCE/ s3://DESTINATION/" /> }}
    />
  );
}
