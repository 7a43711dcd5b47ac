import type { ReactNode } from 'react';
import Button from '@cloudscape-design/components/button';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { TestStatus } from '../../components/endpoint/ConnectionTest';
import { Page } from '../../app/Page';
import { follow } from '../../app/router';
import { Nothing } from '../../components/Nothing';
import { CodeLine, Figure, FromTo, Live, Time } from '../../components/parts';
import { RegionError } from '../../components/RegionError';
import { RunOutcome, RunStatus } from '../../components/run/RunStatus';
import { runName, shortId } from '../../components/run/shortId';
import { useFormat, useI18n } from '../../i18n/i18n';
import { useOverview, type Overview } from '../../services/overview';
import { attentionStates, endedStates, useRuns, type Run } from '../../services/runs';
import { useCredentials } from '../../services/credentials';
import { useEndpoints } from '../../services/endpoints';
import { useHub } from '../../services/hub';
import { useRole } from '../../services/session';
import { hubNow } from '../../services/transport';
import { useWorkers } from '../../services/workers';
import { WorkerStatus } from '../workers/WorkerStatus';

const listMax = 5;
const workersMax = 50;
const lost = new Set(['LOST', 'DRAINED']);

function Figures({ overview }: { overview: Overview }) {
  const { t } = useI18n();
  const f = useFormat();
  const day = overview.last24Hours;
  const failedRuns = Number(day.runsWithFailures);
  return (
    <Container>
      <div className="dth-figures">
        <Figure label={t('overview.rate')} value={f.rate(overview.bytesPerSecond)} note={t('overview.rate.items', { n: Math.round(overview.itemsPerSecond), count: f.count(Math.round(overview.itemsPerSecond)) })} />
        <Figure label={t('overview.copied')} value={f.count(Number(day.copied))} note={t('overview.copied.bytes', { bytes: f.bytes(Number(day.bytes)), n: Number(day.runs) })} />
        <Figure label={t('overview.failed')} value={f.count(Number(day.failed))} note={failedRuns === 0 ? t('overview.failed.none') : <Link href="/runs?view=attention" onFollow={follow} fontSize="body-s">{t('overview.failed.runs', { n: failedRuns })}</Link>} />
        <Figure label={t('overview.queue')} value={f.count(Number(overview.queueJobs))} note={t('overview.queue.jobs')} />
      </div>
    </Container>
  );
}

function RunLink({ run }: { run: Run }) {
  const { word } = useI18n();
  return (
    <span className="dth-row">
      <Link variant="secondary" href={`/runs/${run.id}`} onFollow={follow}><b>{run.task ? `${run.task.name} ${runName(run)}` : shortId(run.id)}</b></Link>
      <span className="dth-small dth-muted">{word('kind', `${run.kind}.${run.action}`)} · <Time at={run.endedAt ?? run.createdAt} /></span>
    </span>
  );
}

const RunList = ({ runs }: { runs: readonly Run[] }) => (
  <div className="dth-list">
    {runs.slice(0, listMax).map((run) => <div key={run.id}><div className="dth-two"><RunLink run={run} /><FromTo source={run.source} destination={run.destination} /></div><RunOutcome run={run} /></div>)}
  </div>
);

function Running({ runs, next }: { runs: readonly Run[]; next?: Overview['nextRuns'][number] }) {
  const { t } = useI18n();
  const f = useFormat();
  return (
    <Container header={<Header variant="h2" counter={`(${f.count(runs.length)})`}>{t('overview.running')}</Header>}>
      {runs.length === 0 && <Box color="text-body-secondary">{t('overview.idle')}{next && <> · {t('overview.idle.next')} <Time at={next.at} />: <Link href={`/tasks/${next.task.id}`} onFollow={follow}>{next.task.name}</Link></>}</Box>}
      <RunList runs={runs} />
      {runs.length > listMax && <Box padding={{ top: 's' }}><Link href="/runs?view=running" onFollow={follow}>{t('overview.all', { n: f.count(runs.length) })}</Link></Box>}
    </Container>
  );
}

/** What ended last: whoever comes back sees what happened meanwhile. */
function Ended({ runs }: { runs: readonly Run[] }) {
  const { t } = useI18n();
  return (
    <Container header={<Header variant="h2" actions={<Link href="/runs" onFollow={follow}>{t('overview.runs.all')}</Link>}>{t('overview.ended')}</Header>}>
      {runs.length === 0 && <Nothing title={t('overview.ended.none')} />}
      <RunList runs={runs} />
    </Container>
  );
}

const expiryNotice = 14 * 86_400_000;
const endpointsShown = 100;
const credentialsShown = 100;

function Attention({ runs, workerWanted }: { runs: readonly Run[]; workerWanted: boolean }) {
  const { t } = useI18n();
  const { can } = useRole();
  const endpoints = useEndpoints(endpointsShown).data?.nodes ?? [];
  const credentials = useCredentials(credentialsShown, undefined, can('OPERATOR')).data?.nodes ?? [];
  const entries: { key: string; content: ReactNode }[] = [
    ...(workerWanted ? [{ key: 'worker', content: <><RunStatus run={{ state: 'WAITING' }} /><span className="dth-small dth-muted">{t('overview.noworker')}</span><CodeLine text="dth worker" /></> }] : []),
    ...runs.slice(0, listMax).map((run) => ({ key: run.id, content: <><RunLink run={run} /><RunOutcome run={run} />{run.waiting?.for === 'APPROVAL' && <Link href={`/runs/${run.id}`} onFollow={follow}>{t('approval.review')}</Link>}</> })),
    ...endpoints.filter(({ lastTest }) => lastTest && !lastTest.ok).slice(0, listMax).map((endpoint) => ({
      key: endpoint.id, content: <><span className="dth-row"><Link variant="secondary" href={`/endpoints/${endpoint.id}`} onFollow={follow}><b>{endpoint.name}</b></Link><span className="dth-small dth-muted"><Time at={endpoint.lastTest!.at} /></span></span><TestStatus test={endpoint.lastTest} /></>,
    })),
    ...credentials.filter(({ expiresAt }) => expiresAt && Date.parse(expiresAt) - hubNow() < expiryNotice).slice(0, listMax).map((credential) => ({
      key: credential.id, content: <><Link variant="secondary" href="/credentials" onFollow={follow}><b>{credential.name}</b></Link><StatusIndicator type="warning">{t('overview.expires')} <Time at={credential.expiresAt} /></StatusIndicator></>,
    })),
  ];
  return (
    <Container header={<Header variant="h2">{t('overview.attention')}</Header>}>
      {entries.length === 0 && <Nothing title={t('overview.nothing')} />}
      <div className="dth-list one">{entries.map(({ key, content }) => <div key={key}><div className="dth-two">{content}</div></div>)}</div>
      {runs.length > listMax && <Box padding={{ top: 's' }}><Link href="/runs?view=attention" onFollow={follow}>{t('overview.more')}</Link></Box>}
    </Container>
  );
}

function NextRuns({ runs }: { runs: Overview['nextRuns'] }) {
  const { t } = useI18n();
  return (
    <Container header={<Header variant="h2">{t('overview.next')}</Header>}>
      {runs.length === 0 && <Nothing title={t('overview.next.none')} />}
      <div className="dth-list one">{runs.map(({ task, at }) => <div key={`${task.id} ${at}`}><Link variant="secondary" href={`/tasks/${task.id}`} onFollow={follow}><span className="dth-wrap">{task.name}</span></Link><span className="dth-small dth-muted"><Time at={at} /></span></div>)}</div>
    </Container>
  );
}

/** What to do on a hub that has done nothing yet. */
function FirstSteps() {
  const { t } = useI18n();
  return (
    <Container header={<Header variant="h2" description={t('overview.empty.text')}>{t('overview.empty')}</Header>}>
      <SpaceBetween size="l">
        <ol className="dth-steps">
          <li><Link href="/endpoints/create" onFollow={follow}>{t('overview.step.endpoint')}</Link><span className="dth-muted">{t('endpoints.none.text')}</span></li>
          <li><Link href="/tasks/create" onFollow={follow}>{t('overview.step.task')}</Link><span className="dth-muted">{t('tasks.none.text')}</span></li>
          <li><span>{t('overview.step.watch')}</span><span className="dth-muted">{t('overview.step.watch.text')}</span></li>
        </ol>
        <SpaceBetween size="xs"><Box color="text-body-secondary">{t('overview.step.cli')}</Box><CodeLine text="dth copy s3://SOURCE/ s3://DESTINATION/" /></SpaceBetween>
      </SpaceBetween>
    </Container>
  );
}

function Hub() {
  const { t, word } = useI18n();
  const f = useFormat();
  const workers = useWorkers(workersMax);
  const hub = useHub();
  const alive = workers.data?.nodes.filter(({ state }) => !lost.has(state)) ?? [];
  return (
    <Container header={<Header variant="h2" counter={workers.data && `(${f.count(alive.length)})`} actions={<Link href="/workers" onFollow={follow}>{t('overview.workers.all')}</Link>}>{t('nav.workers')}</Header>}>
      <SpaceBetween size="m">
        {workers.data && alive.length === 0 && <Box color="text-body-secondary">{t('workers.none')}</Box>}
        <div className="dth-figures">{alive.map((worker) => <div key={worker.id} className="dth-two"><span>{worker.name}</span><span className="dth-row"><WorkerStatus worker={worker} /><span className="dth-small dth-muted dth-num">{t('overview.jobs', { n: Number(worker.jobs) })}</span></span></div>)}</div>
        {hub.data && <span className="dth-small dth-muted">{t('overview.hub', { version: hub.data.version, state: word('statekind', hub.data.state.kind), bytes: f.bytes(Number(hub.data.state.bytes)) })}</span>}
      </SpaceBetween>
    </Container>
  );
}

export default function OverviewPage() {
  const { t } = useI18n();
  const overview = useOverview();
  const attention = useRuns(listMax + 1, undefined, { state: [...attentionStates] });
  const any = useRuns(1);
  const workers = useWorkers(workersMax);
  const ended = useRuns(listMax, undefined, { state: [...endedStates] });
  const { can } = useRole();
  // What waits for somebody stands under what needs attention.
  const running = (overview.data?.running ?? []).filter(({ state }) => state !== 'WAITING' && state !== 'INTERRUPTED');
  const isEmpty = any.data?.nodes.length === 0 && overview.data?.nextRuns.length === 0;
  const workerWanted = Boolean(workers.data && running.some(({ state }) => state === 'QUEUED') && workers.data.nodes.every(({ state }) => lost.has(state)));
  return (
    <Page title={t('nav.overview')}>
      <ContentLayout header={<Header variant="h1" info={<Live />} actions={can('OPERATOR') && <Button variant="primary" href="/tasks/create" onFollow={follow}>{t('tasks.create')}</Button>}>{t('nav.overview')}</Header>}>
        <SpaceBetween size="l">
          {overview.error && !overview.data && <RegionError error={overview.error} onRetry={() => void overview.refetch()} />}
          {overview.isPending && <Container><SpaceBetween size="m"><Skeleton /><Skeleton /></SpaceBetween></Container>}
          {isEmpty && <FirstSteps />}
          {overview.data && !isEmpty && <Figures overview={overview.data} />}
          {overview.data && !isEmpty && (
            <Grid gridDefinition={[{ colspan: { default: 12, m: 8 } }, { colspan: { default: 12, m: 4 } }]}>
              <SpaceBetween size="l"><Running runs={running} next={overview.data.nextRuns[0]} /><Ended runs={ended.data?.nodes ?? []} /></SpaceBetween>
              <SpaceBetween size="l"><Attention runs={attention.data?.nodes ?? []} workerWanted={workerWanted} /><NextRuns runs={overview.data.nextRuns} /></SpaceBetween>
            </Grid>
          )}
          <Hub />
        </SpaceBetween>
      </ContentLayout>
    </Page>
  );
}
