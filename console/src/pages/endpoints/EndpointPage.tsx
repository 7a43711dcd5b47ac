import { useState, type ReactNode } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { flashAfter } from '../../app/flash';
import { Page } from '../../app/Page';
import { endpointTabs, follow } from '../../app/router';
import { Confirm } from '../../components/Confirm';
import { ConnectionTest, TestStatus } from '../../components/endpoint/ConnectionTest';
import { PlaceBrowser } from '../../components/endpoint/PlaceBrowser';
import { Missing } from '../../components/Missing';
import { Nothing } from '../../components/Nothing';
import { labelOf } from '../../components/options/values';
import { Labels, Time } from '../../components/parts';
import { RegionError } from '../../components/RegionError';
import { OperatorButton, useLack } from '../../components/run/RunActions';
import { useI18n } from '../../i18n/i18n';
import { useDeleteEndpoint, useEndpoint, useEndpointKinds, type EndpointDetail } from '../../services/endpoints';
import { useRole } from '../../services/session';

const route = getRouteApi('/endpoints/$id');

function Delete({ endpoint, onDismiss }: { endpoint: EndpointDetail; onDismiss: () => void }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const change = useDeleteEndpoint();
  return (
    <Confirm title={t('endpoint.delete.of', { name: endpoint.name })} action={t('delete')} isPending={change.isPending} error={change.error} onDismiss={onDismiss}
      onConfirm={() => change.mutate({ input: { id: endpoint.id } }, { onSuccess: () => { flashAfter('success', t('endpoint.deleted', { name: endpoint.name })); void navigate({ to: '/endpoints' }); } })}>
      {endpoint.usedBy.length > 0 ? <Alert type="warning" header={t('endpoint.inuse')}><Users endpoint={endpoint} /></Alert> : <Box>{t('endpoint.delete.text')}</Box>}
    </Confirm>
  );
}

function Users({ endpoint }: { endpoint: EndpointDetail }) {
  const { t } = useI18n();
  if (endpoint.usedBy.length === 0) return <Nothing title={t('endpoint.unused')} />;
  return (
    <ul className="dth-plain">
      {endpoint.usedBy.map(({ kind, id, name }) => <li key={id}>{kind === 'task' ? <Link href={`/tasks/${id}`} onFollow={follow}>{name || id}</Link> : name || id}</li>)}
      {endpoint.taskCount > endpoint.usedBy.length && <li className="dth-muted">{t('more', { n: endpoint.taskCount - endpoint.usedBy.length })}</li>}
    </ul>
  );
}

function Settings({ endpoint }: { endpoint: EndpointDetail }) {
  const { t, word } = useI18n();
  const label = (name: string) => { const known = word('option', name); return known === name ? labelOf(name) : known; };
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t('endpoint.settings')}</Header>}>
        {endpoint.options.length === 0 ? <Box color="text-body-secondary">{t('endpoint.settings.none')}</Box>
          : <KeyValuePairs columns={3} items={endpoint.options.map(({ name, value }) => ({ label: label(name), value: <span className="dth-wrap">{value}</span> }))} />}
      </Container>
      {endpoint.learned.length > 0 && (
        <Container header={<Header variant="h2" description={t('endpoint.learned.text')}>{t('endpoint.learned')}</Header>}>
          <KeyValuePairs columns={3} items={endpoint.learned.map(({ name, value }) => ({ label: name, value }))} />
        </Container>
      )}
    </SpaceBetween>
  );
}

function Content({ endpoint }: { endpoint: EndpointDetail }) {
  const { t, word, hubText } = useI18n();
  const { can } = useRole();
  const navigate = useNavigate();
  const search = route.useSearch();
  const kinds = useEndpointKinds();
  const [isDeleting, ask] = useState(false);
  const isOperator = can('OPERATOR');
  const lack = useLack('OPERATOR');
  const go = (change: Partial<typeof search>) => void navigate({ to: '/endpoints/$id', params: { id: endpoint.id }, search: { ...search, ...change } });
  const template = kinds.data?.endpointTemplates.find(({ name }) => name === endpoint.vendor);
  const contents: Record<(typeof endpointTabs)[number], ReactNode> = {
    connection: (
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">{t('endpoint.lasttest')}</Header>}>
          <ConnectionTest input={{ id: endpoint.id }} last={endpoint.lastTest} disabled={!isOperator} disabledReason={lack} />
        </Container>
        <Settings endpoint={endpoint} />
      </SpaceBetween>
    ),
    contents: <Container header={<Header variant="h2" description={t('browse.text')}>{t('endpoint.tab.contents')}</Header>}><PlaceBrowser at={{ endpointId: endpoint.id }} path={search.path ?? ''} onPath={(path) => go({ path: path || undefined })} /></Container>,
    usedby: <Container header={<Header variant="h2" counter={`(${endpoint.taskCount})`}>{t('endpoint.tab.usedby')}</Header>}><Users endpoint={endpoint} /></Container>,
  };
  const tabs = endpointTabs.filter((id) => id !== 'contents' || isOperator);
  return (
    <ContentLayout header={
      <SpaceBetween size="m">
        <Header variant="h1" info={<TestStatus test={endpoint.lastTest} />} description={endpoint.description || undefined} actions={
          <SpaceBetween direction="horizontal" size="xs">
            <OperatorButton needs="ADMIN" onClick={() => ask(true)}>{t('delete')}</OperatorButton>
            <OperatorButton needs="ADMIN" onClick={() => void navigate({ to: '/endpoints/$id/edit', params: { id: endpoint.id } })}>{t('edit')}</OperatorButton>
          </SpaceBetween>
        }>{endpoint.name}</Header>
        <KeyValuePairs columns={4} items={[
          { label: t('endpoint.vendor.col'), value: template ? hubText('vendor', template.name, template.title) : word('store', endpoint.kind) }, { label: t('endpoint.address'), value: <span className="dth-wrap">{endpoint.address ?? t('endpoint.thishost')}</span> },
          ...(isOperator ? [{ label: t('endpoint.credential'), value: endpoint.credential?.name ?? t('endpoint.credential.none') }] : []),
          { label: t('field.labels'), value: <Labels labels={endpoint.labels} /> }, { label: t('field.updated'), value: <Time at={endpoint.updatedAt} /> },
        ].slice(0, 4)} />
      </SpaceBetween>
    }>
      <Tabs ariaLabel={endpoint.name} activeTabId={search.tab && tabs.includes(search.tab) ? search.tab : tabs[0]} onChange={({ detail }) => go({ tab: detail.activeTabId as 'contents' })}
        tabs={tabs.map((id) => ({ id, label: t(`endpoint.tab.${id}`), content: contents[id] }))} />
      {isDeleting && <Delete endpoint={endpoint} onDismiss={() => ask(false)} />}
    </ContentLayout>
  );
}

export default function EndpointPage() {
  const { t } = useI18n();
  const { id } = route.useParams();
  const query = useEndpoint(id);
  const endpoint = query.data;
  return (
    <Page title={endpoint?.name ?? t('endpoint.title')} crumbs={[{ text: t('nav.endpoints'), href: '/endpoints' }]}>
      {query.isPending && <Box padding="l"><SpaceBetween size="l"><Skeleton /><Skeleton /><Skeleton /></SpaceBetween></Box>}
      {!endpoint && query.error && <Box padding="l"><RegionError error={query.error} onRetry={() => void query.refetch()} /></Box>}
      {endpoint === null && <Missing title={t('endpoint.missing')} text={t('endpoint.missing.text')} />}
      {endpoint && <Content endpoint={endpoint} />}
    </Page>
  );
}
