import { useEffect, useRef, useState, type ReactNode } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import LiveRegion from '@cloudscape-design/components/live-region';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { Page } from '../../app/Page';
import { Boundary } from '../../app/PageFailure';
import { follow, runTabs } from '../../app/router';
import { CodeLine, Copy, Dash, Elapsed, Figure } from '../../components/parts';
import { Missing } from '../../components/Missing';
import { RegionError } from '../../components/RegionError';
import { Approval, DeletionDecision } from '../../components/run/Approval';
import type { RunPlace } from '../../components/run/place';
import { RunActions } from '../../components/run/RunActions';
import { FailurePanel, RunFailures, RunSummary } from '../../components/run/otherTabs';
import { RunProgress } from '../../components/run/RunProgress';
import { RunStatus } from '../../components/run/RunStatus';
import { sentence } from '../../components/options/values';
import { Trigger } from '../../components/run/Trigger';
import { runName, shortId, titleId } from '../../components/run/shortId';
import { useWide } from '../../components/useNarrow';
import { useFormat, useI18n } from '../../i18n/i18n';
import { countsOf, useRun, type Failure, type RunDetail } from '../../services/runs';

const route = getRouteApi('/runs/$id');

/** What is true of the run as a whole, and what to do about it. */
function Verdict({ run }: { run: RunDetail }) {
  const { t, word } = useI18n();
  const f = useFormat();
  const c = countsOf(run);
  if (run.waiting?.for === 'APPROVAL') return null;
  if (run.waiting) return <Alert type="warning" header={word('waiting', run.waiting.for)}>{sentence(run.waiting.why)}</Alert>;
  if (run.state === 'FAILED') return <Alert type="error" header={t('verdict.failed')}>{sentence(run.error ?? '')}</Alert>;
  if (run.state === 'INTERRUPTED') return <Alert type="warning" header={t('verdict.interrupted')}><SpaceBetween size="xs"><span>{t('verdict.interrupted.text')}</span><CodeLine text={`dth run resume ${run.id}`} /></SpaceBetween></Alert>;
  if (run.action === 'VERIFY') {
    const wrong = c.differs + c.missing;
    return run.isOver && wrong > 0 ? <Alert type="error" header={t('verdict.differs', { n: wrong })}>{t('verdict.differs.text', { differs: f.count(c.differs), missing: f.count(c.missing) })}</Alert> : null;
  }
  if (run.isOver && c.failed > 0) {
    return <Alert type="warning" header={t('verdict.failures', { n: c.failed, failed: f.count(c.failed), all: f.count(c.copied + c.failed) })}>{t(c.notVerified > 0 ? 'verdict.unverified.text' : 'verdict.failures.text', { n: f.count(c.notVerified) })}</Alert>;
  }
  if (run.isOver && c.notVerified > 0) return <Alert type="warning" header={t('verdict.unverified', { n: f.count(c.notVerified) })}>{t('verdict.unverified.help')}</Alert>;
  return null;
}

function Outcome({ run }: { run: RunDetail }) {
  const { t } = useI18n();
  const f = useFormat();
  const c = countsOf(run);
  const isVerify = run.action === 'VERIFY';
  return (
    <Container>
      <div className="dth-figures">
        <Figure label={t(isVerify ? 'count.matched' : 'count.verified')} value={f.count(isVerify ? c.matched : c.verified)} note={t(isVerify ? 'figure.verified.checked' : 'figure.verified.tocopy', { n: f.count(isVerify ? c.selected : c.copied + c.failed) })} />
        {isVerify ? <Figure label={t('count.differs')} value={f.count(c.differs)} note={t('figure.missing', { n: f.count(c.missing) })} />
          : <Figure label={t('count.unchanged')} value={f.count(c.unchanged)} note={t('figure.listed', { n: f.count(c.listed) })} />}
        <Figure label={t('runs.col.took')} value={<Elapsed since={run.createdAt} until={run.endedAt} />} note={run.endedAt ? t('figure.ended', { time: f.when(new Date(run.endedAt), new Date()) }) : undefined} />
        <Figure label={t('runs.col.bytes')} value={f.bytes(c.bytes)} note={t('figure.requests', { n: f.count(requestsOf(c.counter)) })} />
      </div>
    </Container>
  );
}
const requestNames = ['requests_get', 'requests_put', 'requests_list', 'requests_head', 'requests_delete', 'requests_other'];
const requestsOf = (counter: (name: string) => number) => requestNames.reduce((sum, name) => sum + counter(name), 0);

function Options({ run }: { run: RunDetail }) {
  const { t, word } = useI18n();
  return (
    <Container header={<Header variant="h2" description={t('options.text')}>{t('options.title')}</Header>}>
      <KeyValuePairs columns={3} items={[
        { label: t('options.action'), value: word('action', run.action) }, { label: t('options.kind'), value: word('kind', run.kind) },
        { label: t('options.source'), value: run.source ?? <Dash /> }, { label: t('options.destination'), value: run.destination ?? <Dash /> },
        ...run.options.map(({ name, value }) => ({ label: `--${name}`, value: value === '' ? <Dash /> : <span className="dth-wrap">{value}</span> })),
      ]} />
    </Container>
  );
}

/** Says to screen readers that a run's state has changed; its counters change too often to be said. */
function StateChanges({ run }: { run: RunDetail }) {
  const { t, word } = useI18n();
  const first = useRef(run.state);
  return <LiveRegion hidden>{run.state === first.current ? '' : t('run.changed', { state: word('state', run.state) })}</LiveRegion>;
}

function useTab(run: RunDetail | null | undefined) {
  const { tab } = route.useSearch();
  return tab ?? (run?.isOver ? (countsOf(run).failed > 0 ? 'failures' : 'summary') : 'progress');
}

function RunContent({ run, onOpen, open }: { run: RunDetail; onOpen: (failure?: Failure) => void; open?: Failure }) {
  const { t, word } = useI18n();
  const f = useFormat();
  const navigate = useNavigate();
  const c = countsOf(run);
  const search = route.useSearch();
  const tab = useTab(run);
  const place: RunPlace = { search, go: (change) => void navigate({ to: '/runs/$id', params: { id: run.id }, search: { ...search, ...change } }) };
  const contents: Record<(typeof runTabs)[number], { label: ReactNode; content: ReactNode }> = {
    progress: { label: t('run.tab.progress'), content: <RunProgress run={run} place={place} /> },
    failures: { label: <>{t('run.tab.failures')} {c.failed > 0 && <Badge color="severity-medium">{f.count(c.failed)}</Badge>}</>, content: <RunFailures run={run} place={place} onOpen={onOpen} open={open} /> },
    summary: { label: t('run.tab.summary'), content: <RunSummary run={run} /> },
    settings: { label: t('run.tab.settings'), content: <Options run={run} /> },
  };
  return (
    <ContentLayout header={
      <div className="dth-stack">
        <Header variant="h1" info={<RunStatus run={run} />} actions={<RunActions run={run} />} description={<>{word('kind', `${run.kind}.${run.action}`)} · <Copy text={run.id} /></>}>{run.task && run.number ? t('run.title.of', { run: runName(run), task: run.task.name }) : t('run.title', { id: titleId(run.id) })}</Header>
        <KeyValuePairs columns={run.retryOf || run.task ? 4 : 3} items={[
          { label: t('from'), value: run.source ? <span className="dth-wrap">{run.source}</span> : <Dash /> },
          { label: t('to'), value: run.destination ? <span className="dth-wrap">{run.destination}</span> : <Dash /> },
          { label: t('runs.col.trigger'), value: <Trigger run={run} /> },
          ...(run.task && !run.retryOf ? [{ label: t('runs.col.task'), value: <Link href={`/tasks/${run.task.id}`} onFollow={follow}>{run.task.name}</Link> }] : []),
          ...(run.retryOf ? [{ label: t('run.retryOf'), value: <Link href={`/runs/${run.retryOf}`} onFollow={follow}>{shortId(run.retryOf)}</Link> }] : []),
        ]} />
        <Approval run={run} />
        <Verdict run={run} />
        <DeletionDecision deletions={run.deletions} />
      </div>
    }>
      <StateChanges run={run} />
      <SpaceBetween size="l">
        {run.isOver && <Outcome run={run} />}
        <Tabs activeTabId={tab} ariaLabel={t('run.tabs')}
          onChange={({ detail }) => place.go({ tab: detail.activeTabId as typeof tab, item: undefined })}
          tabs={runTabs.map((id) => ({ id, label: contents[id].label, content: <Boundary>{contents[id].content}</Boundary> }))} />
      </SpaceBetween>
    </ContentLayout>
  );
}

export default function RunPage() {
  const { t } = useI18n();
  const { id } = route.useParams();
  const search = route.useSearch();
  const { item } = search;
  const navigate = useNavigate();
  const wide = useWide();
  const query = useRun(id);
  const [failure, setFailure] = useState<Failure>();
  const show = (chosen?: Failure) => {
    setFailure(chosen);
    void navigate({ to: '/runs/$id', params: { id }, search: { ...search, item: chosen?.key } });
  };
  useEffect(() => { if (!item) setFailure(undefined); }, [item]);
  const run = query.data;
  const open = item && failure?.key === item ? failure : undefined;
  return (
    <Page title={t('run.title', { id: run ? runName(run) : titleId(id) })} crumbs={run?.task ? [{ text: t('nav.tasks'), href: '/tasks' }, { text: run.task.name, href: `/tasks/${run.task.id}` }] : [{ text: t('nav.runs'), href: '/runs' }]}
      splitPanel={open && run && <FailurePanel run={run} failure={open} />} splitPanelOpen={Boolean(open && run)} onSplitPanelToggle={({ detail }) => { if (!detail.open) show(); }}
      splitPanelPreferences={{ position: wide ? 'side' : 'bottom' }} splitPanelSize={wide ? 420 : 520}>
      {query.isPending && <Box padding="l"><SpaceBetween size="l"><Skeleton /><Skeleton /><Skeleton /></SpaceBetween></Box>}
      {!run && query.error && <Box padding="l"><RegionError error={query.error} onRetry={() => void query.refetch()} /></Box>}
      {run === null && <Missing title={t('run.missing')} text={t('run.missing.text', { id })} />}
      {run && <RunContent run={run} onOpen={show} open={open} />}
    </Page>
  );
}
