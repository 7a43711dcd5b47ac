import { useEffect, useState, type ReactNode } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import LiveRegion from '@cloudscape-design/components/live-region';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { flash } from '../../app/flash';
import { Page } from '../../app/Page';
import { Boundary } from '../../app/PageFailure';
import { follow, taskTabs } from '../../app/router';
import { Missing } from '../../components/Missing';
import { Nothing } from '../../components/Nothing';
import { Labels, Time } from '../../components/parts';
import { RegionError } from '../../components/RegionError';
import { Approval } from '../../components/run/Approval';
import type { RunPlace } from '../../components/run/place';
import { CancelRun, OperatorButton, useLack } from '../../components/run/RunActions';
import { FailurePanel, RunFailures } from '../../components/run/otherTabs';
import { RunProgress } from '../../components/run/RunProgress';
import { RunStatus } from '../../components/run/RunStatus';
import { runName } from '../../components/run/shortId';
import { useTaskActions } from '../../components/task/TaskActions';
import { LastRun, TaskState, useScheduleWords } from '../../components/task/TaskCells';
import { needsZone } from '../../components/schedule/words';
import { useWide } from '../../components/useNarrow';
import { useFormat, useI18n } from '../../i18n/i18n';
import { countsOf, useRun, type Failure, type RunDetail } from '../../services/runs';
import { taskDocument, type Task } from '../../services/tasks';
import { useTask } from '../../services/tasks';
import { RunsOfTask } from './RunsOfTask';
import { RunWith } from './RunWith';
import { TaskSettings } from './TaskSettings';

const route = getRouteApi('/tasks/$id');

function Actions({ task, run }: { task: Task; run?: RunDetail | null }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const lack = useLack('OPERATOR');
  const actions = useTaskActions();
  const [isChoosing, choose] = useState(false);
  const [isCancelling, cancel] = useState(false);
  const current = run && !run.isOver ? run : undefined;
  const copy = (format: 'YAML' | 'CLI') => taskDocument({ id: task.id }, format).then((text) => navigator.clipboard.writeText(text)).then(() => flash('success', t('copy.done')), (error: Error) => flash('error', error.message || t('copy.failed')));
  const refused = lack ? { disabled: true, disabledReason: lack } : {};
  const isArchived = task.state === 'ARCHIVED';
  const isPaused = task.state !== 'READY';
  const onItem = (id: string) => {
    if (id === 'edit') void navigate({ to: '/tasks/$id/edit', params: { id: task.id } });
    else if (id === 'clone') void navigate({ to: '/tasks/create', search: { from: task.id } });
    else if (id === 'runwith') choose(true);
    else if (id === 'cli') void copy('CLI');
    else if (id === 'yaml') void copy('YAML');
    else actions.act(id as 'archive', [task]);
  };
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        <OperatorButton iconName={isPaused ? 'play' : 'pause'} loading={actions.isPausing} onClick={() => actions.act(isPaused ? 'resume' : 'pause', [task])}>{t(isPaused ? 'task.resume' : 'task.pause')}</OperatorButton>
        <ButtonDropdown expandToViewport onItemClick={({ detail }) => onItem(detail.id)} items={[
          { id: 'runwith', text: t('task.runwith'), disabled: isArchived, ...refused }, { id: 'edit', text: t('edit'), ...refused }, { id: 'clone', text: t('task.clone'), ...refused },
          { id: 'cli', text: t('task.copy.cli') }, { id: 'yaml', text: t('task.copy.yaml') }, { id: 'export', text: t('task.export') }, { id: 'archive', text: t('task.archive'), disabled: isArchived, ...refused }, { id: 'delete', text: t('delete'), ...refused },
        ]}>{t('actions')}</ButtonDropdown>
        {current ? <OperatorButton disabled={current.state === 'CANCELLING'} onClick={() => cancel(true)}>{t('cancelrun.action')}</OperatorButton>
          : <OperatorButton variant="primary" disabled={isArchived} loading={actions.isRunning} onClick={() => actions.act('run', [task])}>{t('task.run')}</OperatorButton>}
      </SpaceBetween>
      {actions.dialog}
      {isCancelling && current && <CancelRun run={current} onDismiss={() => cancel(false)} />}
      {isChoosing && <RunWith task={task} onDismiss={() => choose(false)} />}
    </>
  );
}

/** Source, destination, schedule and the last run, at a glance. */
function Facts({ task }: { task: Task }) {
  const { t } = useI18n();
  const words = useScheduleWords();
  const place = ({ url, endpoint }: Task['source']) => (
    <div className="dth-two"><span className="dth-wrap">{url}</span>{endpoint && <span className="dth-small"><Link href={`/endpoints/${endpoint.id}`} onFollow={follow} fontSize="body-s">{endpoint.name}</Link></span>}</div>
  );
  return (
    <KeyValuePairs columns={4} items={[
      { label: t('options.source'), value: place(task.source) }, { label: t('options.destination'), value: place(task.destination) },
      { label: t('task.part.schedule'), value: (
        <div className="dth-two"><span>{words(task.schedule)}{needsZone(task.schedule) && <span className="dth-small dth-muted"> {task.schedule.zone}</span>}</span>{task.nextRunAt && task.state === 'READY' && <span className="dth-small dth-muted">{t('task.next')} <Time at={task.nextRunAt} /></span>}</div>
      ) },
      { label: t('tasks.col.last'), value: <LastRun task={task} /> },
    ]} />
  );
}

interface ContentProps { task: Task; run?: RunDetail | null; runError: Error | null; onOpen: (failure?: Failure) => void; open?: Failure }

function Content({ task, run, runError, onOpen, open }: ContentProps) {
  const { t, word } = useI18n();
  const f = useFormat();
  const navigate = useNavigate();
  const search = route.useSearch();
  const { tab, ...rest } = search;
  const go = (change: Partial<typeof search>) => void navigate({ to: '/tasks/$id', params: { id: task.id }, search: { ...search, ...change } });
  const place: RunPlace = { search: rest, go: ({ tab: to, ...change }) => go({ ...change, ...(to && { tab: to as 'progress' }) }) };
  const failed = run ? countsOf(run).failed : 0;
  const openRun = run && <Button href={`/runs/${run.id}`} onFollow={follow}>{t('task.openrun')}</Button>;
  const hasRun = Boolean(task.currentRun ?? task.lastRun);
  const never = hasRun ? runError ? <RegionError error={runError} /> : <Container><Skeleton /></Container> : <Container><Nothing title={t('task.neverran')} text={t('task.neverran.text')} /></Container>;
  const contents: Record<(typeof taskTabs)[number], { label: ReactNode; content: ReactNode }> = {
    progress: { label: t('run.tab.progress'), content: run ? <RunProgress run={run} place={place} title={t(run.isOver ? 'task.run.last' : 'task.run.now', { run: runName(run) })} actions={<span className="dth-row"><RunStatus run={run} />{openRun}</span>} /> : never },
    runs: { label: <>{t('nav.runs')} {task.runCount > 0 && <Badge>{f.count(task.runCount)}</Badge>}</>, content: <RunsOfTask task={task} page={search.page ?? 1} after={search.after} onPage={(page, after) => go({ page: page > 1 ? page : undefined, after })} /> },
    failures: { label: <>{t('run.tab.failures')} {failed > 0 && <Badge color="severity-medium">{f.count(failed)}</Badge>}</>, content: run ? <SpaceBetween size="s"><span className="dth-muted">{t('task.failures.of', { run: runName(run) })}</span><RunFailures run={run} place={place} onOpen={onOpen} open={open} /></SpaceBetween> : never },
    settings: { label: t('nav.settings'), content: <TaskSettings task={task} form={search.form ?? 'form'} onForm={(form) => go({ form: form === 'form' ? undefined : form })} /> },
  };
  return (
    <ContentLayout header={
      <div className="dth-stack">
        <Header variant="h1" info={<TaskState task={task} />} actions={<Actions task={task} run={run} />} description={<span className="dth-row"><span>{word('kind', `${task.kind}.${task.action}`)}</span>{task.labels.length > 0 && <Labels labels={task.labels} />}{task.description && <span>{task.description}</span>}</span>}>{task.name}</Header>
        <Facts task={task} />
        {run && <Approval run={run} />}
      </div>
    }>
      <LiveRegion hidden>{t('run.changed', { state: word('activity', task.activity) })}</LiveRegion>
      <Tabs activeTabId={tab ?? 'progress'} ariaLabel={task.name} onChange={({ detail }) => go({ tab: detail.activeTabId === 'progress' ? undefined : detail.activeTabId as 'runs', item: undefined })}
        tabs={taskTabs.map((id) => ({ id, label: contents[id].label, content: <Boundary>{contents[id].content}</Boundary> }))} />
    </ContentLayout>
  );
}

export default function TaskPage() {
  const { t } = useI18n();
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const wide = useWide();
  const query = useTask(id);
  const task = query.data;
  const runId = task?.currentRun?.id ?? task?.lastRun?.id ?? '';
  const runQuery = useRun(runId, runId !== '');
  const run = runQuery.data;
  const [failure, setFailure] = useState<Failure>();
  const { item } = search;
  const show = (chosen?: Failure) => {
    setFailure(chosen);
    void navigate({ to: '/tasks/$id', params: { id }, search: { ...search, item: chosen?.key } });
  };
  useEffect(() => { if (!item) setFailure(undefined); }, [item]);
  const open = item && failure?.key === item ? failure : undefined;
  return (
    <Page title={task?.name ?? t('task.title')} crumbs={[{ text: t('nav.tasks'), href: '/tasks' }]}
      splitPanel={open && run && <FailurePanel run={run} failure={open} />} splitPanelOpen={Boolean(open && run)} onSplitPanelToggle={({ detail }) => { if (!detail.open) show(); }}
      splitPanelPreferences={{ position: wide ? 'side' : 'bottom' }} splitPanelSize={wide ? 420 : 520}>
      {query.isPending && <Box padding="l"><SpaceBetween size="l"><Skeleton /><Skeleton /><Skeleton /></SpaceBetween></Box>}
      {!task && query.error && <Box padding="l"><RegionError error={query.error} onRetry={() => void query.refetch()} /></Box>}
      {task === null && <Missing title={t('task.missing')} text={t('endpoint.missing.text')} />}
      {task && <Content task={task} run={run} runError={runQuery.error} onOpen={show} open={open} />}
    </Page>
  );
}
