import { useState } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { Confirm } from '../../components/Confirm';
import { CursorPages } from '../../components/CursorPages';
import { ListPage, type Column } from '../../components/ListPage';
import { CodeLine, Dash, Live, Time } from '../../components/parts';
import { OperatorButton } from '../../components/run/RunActions';
import { useFormat, useI18n } from '../../i18n/i18n';
import { useDrainWorker, useWorkers, type Worker } from '../../services/workers';
import { WorkerStatus } from './WorkerStatus';

const route = getRouteApi('/workers');
const pageSize = 50;
export default function WorkersPage() {
  const { t } = useI18n();
  const f = useFormat();
  const navigate = useNavigate();
  const search = route.useSearch();
  const query = useWorkers(pageSize, search.after);
  const drain = useDrainWorker();
  const [asked, ask] = useState<Worker>();
  const columns: Column<Worker>[] = [
    { id: 'name', header: t('workers.col.name'), width: 260, minWidth: 180, cell: (worker) => <div className="dth-two"><b className="dth-wrap">{worker.name}</b><span className="dth-small dth-muted">{worker.embedded ? t('workers.embedded') : worker.id}</span></div> },
    { id: 'state', short: true, header: t('field.state'), width: 150, minWidth: 120, cell: (worker) => <WorkerStatus worker={worker} /> },
    { id: 'jobs', short: true, header: t('workers.col.jobs'), width: 100, minWidth: 80, cell: (worker) => <span className="dth-num">{f.count(Number(worker.jobs))}</span> },
    { id: 'takes', header: t('workers.col.takes'), width: 200, minWidth: 120, cell: (worker) => (
      <span className="dth-row">{worker.takesAnyRun && t('workers.any')}{worker.labels.map((label) => <Badge key={label}>{label}</Badge>)}{!worker.takesAnyRun && worker.labels.length === 0 && <Dash />}</span>
    ) },
    { id: 'version', short: true, header: t('about.version'), width: 150, minWidth: 110, cell: (worker) => worker.versionMatches ? worker.version : <StatusIndicator type="warning">{t('workers.version', { version: worker.version })}</StatusIndicator> },
    { id: 'started', short: true, header: t('workers.col.started'), width: 140, minWidth: 110, cell: (worker) => <Time at={worker.startedAt} /> },
    { id: 'seen', short: true, header: t('workers.col.seen'), width: 140, minWidth: 110, cell: (worker) => <Time at={worker.lastSeenAt} /> },
    { id: 'act', short: true, header: t('actions'), width: 110, minWidth: 100, cell: (worker) => ['READY', 'BUSY'].includes(worker.state) && !worker.embedded
      ? <OperatorButton needs="ADMIN" variant="inline-link" ariaLabel={t('workers.drain.of', { name: worker.name })} onClick={() => ask(worker)}>{t('workers.drain')}</OperatorButton> : <Dash /> },
  ];
  return (
    <ListPage<Worker>
      title={t('nav.workers')} info={<Live />} counter={query.data?.totalCount ? `(${f.count(Number(query.data.totalCount))})` : undefined} preferencesKey="workers" nameOf={(worker) => worker.name} idOf={(worker) => worker.id}
      columns={columns} items={query.data?.nodes} loading={query.isPending} error={query.data ? null : query.error} onRetry={() => void query.refetch()}
      pagination={<CursorPages page={search.page ?? 1} info={query.data?.pageInfo} after={search.after} onChange={(page, after) => void navigate({ to: '/workers', search: { page: page > 1 ? page : undefined, after } })} />}
      empty={{ title: t('workers.none'), text: t('workers.none.text'), action: <CodeLine text="dth worker --database postgresql://USER@HOST/NAME" /> }}
    >
      {asked && (
        <Confirm title={t('workers.drain.of', { name: asked.name })} action={t('workers.drain')} isPending={drain.isPending} error={drain.error} onDismiss={() => { drain.reset(); ask(undefined); }}
          onConfirm={() => drain.mutate({ input: { id: asked.id } }, { onSuccess: () => ask(undefined) })}>
          <Box>{t('workers.drain.text', { n: Number(asked.jobs) })}</Box>
        </Confirm>
      )}
    </ListPage>
  );
}
