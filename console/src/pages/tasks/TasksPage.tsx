import { useMemo, useState, type ReactNode } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import PropertyFilter from '@cloudscape-design/components/property-filter';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { follow } from '../../app/router';
import { CursorPages } from '../../components/CursorPages';
import { filterOf, parseFilter, tokensOf, writeFilter, type Filter } from '../../components/filter';
import { changesSince, freeze, thaw, type Frozen } from '../../components/frozen';
import { ListPage, type Column } from '../../components/ListPage';
import { Dash, FromTo, Labels, Live as LiveDot } from '../../components/parts';
import { OperatorButton, useLack } from '../../components/run/RunActions';
import { useTaskActions, type TaskAct } from '../../components/task/TaskActions';
import { LastRun, NextRun, TaskName, TaskNow } from '../../components/task/TaskCells';
import { useNarrow } from '../../components/useNarrow';
import { useFormat, useI18n, type I18n } from '../../i18n/i18n';
import type { Format } from '../../i18n/format';
import { endpointsMax, useEndpoints } from '../../services/endpoints';
import { countsOf, runStates } from '../../services/runs';
import { liveTask, useLiveTask } from '../../services/liveTasks';
import { taskViews, useTaskCounts, useTasks, type Task, type TaskCounts, type TaskFilter, type TaskOrder } from '../../services/tasks';

const route = getRouteApi('/tasks');
const pageSize = 50;
const properties = ['state', 'lastResult', 'action', 'endpoint', 'label'] as const;
const states = ['READY', 'PAUSED', 'ARCHIVED'] as const;
const results = runStates.filter((state) => ['SUCCEEDED', 'COMPLETED_WITH_FAILURES', 'FAILED', 'CANCELLED'].includes(state));
const actions = ['COPY', 'SYNC', 'VERIFY'] as const;
const orders = ['NAME', 'NEXT_RUN_AT', 'UPDATED_AT', 'CREATED_AT'] as const;
type View = (typeof taskViews)[number];

type Parts = (task: Task) => readonly unknown[];
/** A cell that follows its task by itself, and is drawn again where a part that it shows has changed. */
function Live({ row, cell, of }: { row: Task; cell: (task: Task) => ReactNode; of: Parts }) {
  const task = useLiveTask(row);
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- what the cell shows of the task
  return useMemo(() => cell(task), [cell, ...of(task)]);
}
const live = (of: Parts, cell: (task: Task) => ReactNode) => function Cell(row: Task) { return <Live row={row} cell={cell} of={of} />; };

function columnsOf({ t, word }: I18n, f: Format, rowMenu: Column<Task>['cell']): Column<Task>[] {
  return [
    { id: 'task', header: t('tasks.col.task'), width: 210, minWidth: 180, cell: live((task) => [task.name, task.action], (task) => <TaskName task={task} />) },
    { id: 'route', header: t('runs.col.route'), width: 225, minWidth: 180, cell: live((task) => [task.source, task.destination], (task) => <FromTo source={task.source.url} destination={task.destination.url} titles={[task.source, task.destination].map(({ url, endpoint }) => `${url} · ${endpoint?.name ?? ''}`)} />) },
    { id: 'now', header: t('tasks.col.now'), width: 200, minWidth: 180, cell: live((task) => [task.state, task.activity, task.currentRun, task.pausedBy], (task) => <TaskNow task={task} />) },
    { id: 'last', header: t('tasks.col.last'), width: 215, minWidth: 180, cell: live((task) => [task.lastRun, !task.currentRun], (task) => <LastRun task={task} />) },
    { id: 'next', short: true, header: t('tasks.col.next'), width: 155, minWidth: 130, cell: live((task) => [task.state, task.nextRunAt, task.schedule], (task) => <NextRun task={task} />) },
    { id: 'act', short: true, header: t('actions'), width: 85, minWidth: 80, cell: live((task) => [task.name, task.state], rowMenu) },
    { id: 'kind', header: t('options.kind'), optional: true, width: 150, minWidth: 110, cell: live((task) => [task.action], (task) => word('kind', `${task.kind}.${task.action}`)) },
    { id: 'labels', header: t('field.labels'), optional: true, width: 180, minWidth: 110, cell: live((task) => [task.labels], (task) => <Labels labels={task.labels} />) },
    { id: 'moved', header: t('tasks.col.moved'), optional: true, width: 140, minWidth: 100, cell: live((task) => [task.lastRun], (task) => (task.lastRun ? <span className="dth-num">{f.bytes(countsOf(task.lastRun).bytes)}</span> : <Dash />)) },
    { id: 'runs', header: t('tasks.col.runs'), optional: true, width: 90, minWidth: 80, cell: live((task) => [task.runCount], (task) => <span className="dth-num">{f.count(task.runCount)}</span>) },
    { id: 'by', header: t('tasks.col.by'), optional: true, width: 150, minWidth: 110, cell: live((task) => [task.createdBy], (task) => task.createdBy || <Dash />) },
    { id: 'endpoints', header: t('nav.endpoints'), optional: true, width: 220, minWidth: 140, cell: live((task) => [task.source, task.destination], (task) => <FromTo source={task.source.endpoint?.name} destination={task.destination.endpoint?.name} />) },
  ];
}

/** What the hub is asked for. */
function taskFilterOf(view: View, filter: Filter): TaskFilter {
  const all = <T,>(name: string) => (filter[name] as T[] | undefined) ?? null;
  const [name = '', value = ''] = filter.label?.at(-1)?.split('=') ?? [];
  return { view, text: filter.text?.[0] ?? null, state: all('state'), lastResult: all('lastResult'), action: all('action'), endpointId: all('endpoint'), label: name ? { name, value } : null };
}

function Views({ view, counts, onChange }: { view: View; counts?: TaskCounts; onChange: (view: View) => void }) {
  const { t } = useI18n();
  const f = useFormat();
  const names = { ALL: 'all', RUNNING: 'running', ATTENTION: 'attention', PAUSED: 'paused', ARCHIVED: 'archived' } as const;
  const options = taskViews.filter((each) => each !== 'ARCHIVED' || view === 'ARCHIVED' || Number(counts?.archived ?? 0) > 0)
    .map((id) => ({ id, text: counts ? t(`tasks.view.${id}`, { n: f.count(Number(counts[names[id]])) }) : t(`tasks.view.${id}`, { n: '' }).trim() }));
  return <SegmentedControl selectedId={view} label={t('view')} options={options} onChange={({ detail }) => onChange(detail.selectedId as View)} />;
}

function TasksFilter({ view, filter, order, onChange }: { view: View; filter: Filter; order: TaskOrder; onChange: (view: View, filter: Filter, order?: string) => void }) {
  const { t, word } = useI18n();
  const counts = useTaskCounts();
  const endpoints = useEndpoints(endpointsMax);
  const options = [
    ...states.map((value) => ({ propertyKey: 'state', value, label: word('taskstate', value) })), ...results.map((value) => ({ propertyKey: 'lastResult', value, label: word('state', value) })),
    ...actions.map((value) => ({ propertyKey: 'action', value, label: word('action', value) })), ...(endpoints.data?.nodes ?? []).map(({ id, name }) => ({ propertyKey: 'endpoint', value: id, label: name })),
  ];
  const sorts = orders.map((value) => ({ value, label: t(`tasks.order.${value}`) }));
  const query = tokensOf(filter);
  return (
    <SpaceBetween size="s">
      <Views view={view} counts={counts.data} onChange={(next) => onChange(next, filter)} />
      <div className="dth-row filter">
        <PropertyFilter query={query} hideOperations expandToViewport filteringAriaLabel={t('tasks.find')} filteringPlaceholder={t('tasks.find')} filteringOptions={options}
          filteringProperties={properties.map((key) => ({ key, propertyLabel: t(`tasks.property.${key}`), groupValuesLabel: t(`tasks.property.${key}`), operators: ['='] }))}
          freeTextFiltering={{ operators: [':'], defaultOperator: ':' }} onChange={({ detail }) => onChange(view, filterOf(detail, properties))} />
        <Select selectedOption={sorts.find(({ value }) => value === order.field) ?? sorts[0]} options={sorts} ariaLabel={t('tasks.order')} inlineLabelText={t('tasks.order')} onChange={({ detail }) => onChange(view, filter, detail.selectedOption.value)} />
      </div>
    </SpaceBetween>
  );
}

export default function TasksPage() {
  const i18n = useI18n();
  const { t } = i18n;
  const f = useFormat();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const search = route.useSearch();
  const lack = useLack('OPERATOR');
  const [selected, select] = useState<Task[]>([]);
  const actions = useTaskActions(() => select([]));
  const view = taskViews.find((each) => each.toLowerCase() === search.view) ?? 'ALL';
  const filter = parseFilter(search.filter, properties);
  const isFiltered = view !== 'ALL' || Object.keys(filter).length > 0;
  const field = orders.find((each) => each.toLowerCase() === search.sort) ?? 'NAME';
  const order: TaskOrder = { field, direction: field === 'NAME' || field === 'NEXT_RUN_AT' ? 'ASC' : 'DESC' };
  const query = useTasks(pageSize, search.after, taskFilterOf(view, filter), order);
  const change = (next: View, changed: Filter, sort: string = field) => {
    select([]);
    void navigate({ to: '/tasks', search: { view: next === 'ALL' ? undefined : next.toLowerCase(), filter: writeFilter(changed), sort: sort === 'NAME' ? undefined : sort.toLowerCase() } });
  };
  // Rows stay where they are: what came since is announced, and shown when the reader asks for it.
  const shownKey = JSON.stringify([view, search.filter, search.sort, search.after]);
  const [frozen, setFrozen] = useState<Frozen<Task>>();
  const ids = query.data?.ids;
  const nodes = useMemo(() => ids?.flatMap((id) => liveTask(id) ?? []), [ids]);
  if (nodes && !query.isPlaceholderData && (frozen?.key !== shownKey || frozen.from !== nodes)) setFrozen(frozen?.key === shownKey ? thaw(frozen, nodes) : freeze(shownKey, nodes));
  const isShown = frozen?.key === shownKey;
  const items = isShown ? frozen.rows : nodes;
  const { added, gone } = isShown ? changesSince(frozen) : { added: 0, gone: 0 };
  const notice = added > 0 ? t('tasks.new', { n: added }) : gone > 0 ? t('runs.gone', { n: gone }) : undefined;
  const refresh = () => { if (nodes) setFrozen(freeze(shownKey, nodes)); };
  const total = query.data?.totalCount;
  const chosen = selected.flatMap(({ id }) => liveTask(id) ?? items?.find((task) => task.id === id) ?? []);
  const menu = (of: readonly Task[]) => [
    { id: 'pause', text: t('task.pause'), disabled: of.every(({ state }) => state !== 'READY') }, { id: 'resume', text: t('task.resume'), disabled: of.every(({ state }) => state === 'READY') },
    { id: 'export', text: t('task.export') }, { id: 'archive', text: t('task.archive'), disabled: of.every(({ state }) => state === 'ARCHIVED') }, { id: 'delete', text: t('delete') },
  ].map((item) => (lack && item.id !== 'export' ? { ...item, disabled: true, disabledReason: lack } : item));
  const rowMenu = (task: Task) => (
    <ButtonDropdown variant="inline-icon" expandToViewport ariaLabel={t('users.actions', { name: task.name })}
      items={[
        { id: 'run', text: t('task.run'), disabled: Boolean(lack) || task.state === 'ARCHIVED', disabledReason: lack },
        { id: 'edit', text: t('edit'), disabled: Boolean(lack), disabledReason: lack }, { id: 'clone', text: t('task.clone'), disabled: Boolean(lack), disabledReason: lack }, ...menu([task]),
      ]}
      onItemClick={({ detail }) => {
        if (detail.id === 'edit') void navigate({ to: '/tasks/$id/edit', params: { id: task.id } });
        else if (detail.id === 'clone') void navigate({ to: '/tasks/create', search: { from: task.id } });
        else actions.act(detail.id as TaskAct, [task]);
      }} />
  );
  const create = <OperatorButton variant="primary" href={lack ? undefined : '/tasks/create'} onFollow={follow}>{t('tasks.create')}</OperatorButton>;
  return (
    <ListPage<Task>
      title={t('nav.tasks')} info={<LiveDot />} counter={chosen.length > 0 ? `(${f.count(chosen.length)}/${total ? f.count(Number(total)) : '…'})` : total ? `(${f.count(Number(total))})` : undefined} preferencesKey="tasks"
      nameOf={(task) => task.name} idOf={(task) => task.id} columns={columnsOf(i18n, f, rowMenu)} items={items} loading={query.isPending} error={query.data ? null : query.error} onRetry={() => void query.refetch()}
      selection={{ items: chosen, onChange: select, multi: true }}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {!narrow && <OperatorButton disabled={chosen.length === 0} loading={actions.isRunning} onClick={() => actions.act('run', chosen)}>{t('task.run')}</OperatorButton>}
          <ButtonDropdown disabled={chosen.length === 0} items={[...(narrow ? [{ id: 'run', text: t('task.run'), disabled: Boolean(lack) }] : []), ...menu(chosen)]} onItemClick={({ detail }) => actions.act(detail.id as TaskAct, chosen)}>{t('actions')}</ButtonDropdown>
          {create}
        </SpaceBetween>
      }
      filter={<TasksFilter view={view} filter={filter} order={order} onChange={change} />} filtered={isFiltered} onClearFilter={() => change('ALL', {})}
      notice={notice && <Button iconName="refresh" onClick={refresh}>{notice}</Button>}
      pagination={<CursorPages page={search.page ?? 1} info={query.data?.pageInfo} after={search.after} onChange={(page, after) => void navigate({ to: '/tasks', search: { ...search, page: page > 1 ? page : undefined, after } })} />}
      empty={{ title: t('tasks.none'), text: t('tasks.none.text'), action: lack ? undefined : create }}
    >
      {actions.dialog}
    </ListPage>
  );
}
