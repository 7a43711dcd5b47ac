import { useNavigate, useParams } from '@tanstack/react-router';
import Box from '@cloudscape-design/components/box';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { flashAfter } from '../../app/flash';
import { Page } from '../../app/Page';
import { EndpointForm } from '../../components/endpoint/EndpointForm';
import { Missing } from '../../components/Missing';
import { RegionError } from '../../components/RegionError';
import { useI18n } from '../../i18n/i18n';
import { useEndpoint, useEndpointKinds } from '../../services/endpoints';

/** Makes an endpoint, or changes the one that the address names. */
export default function EndpointFormPage() {
  const { t } = useI18n();
  const { id } = useParams({ strict: false }) as { id?: string };
  const navigate = useNavigate();
  const kinds = useEndpointKinds();
  const query = useEndpoint(id ?? '', Boolean(id));
  const endpoint = query.data ?? undefined;
  const title = t(id ? 'endpoint.edit' : 'endpoints.create');
  const error = kinds.error ?? (id ? query.error : null);
  const crumbs = [{ text: t('nav.endpoints'), href: '/endpoints' }, ...(endpoint ? [{ text: endpoint.name, href: `/endpoints/${endpoint.id}` }] : [])];
  const leave = (to?: string) => void (to ? navigate({ to: '/endpoints/$id', params: { id: to } }) : navigate({ to: '/endpoints' }));
  return (
    <Page title={title} crumbs={crumbs} needs="ADMIN" contentType="form">
      {id && query.data === null ? <Missing title={t('endpoint.missing')} text={t('endpoint.missing.text')} /> : (
        <ContentLayout header={<Header variant="h1" description={t('endpoints.text')}>{endpoint ? t('endpoint.edit.of', { name: endpoint.name }) : title}</Header>}>
          {error && <RegionError error={error} onRetry={() => { void kinds.refetch(); if (id) void query.refetch(); }} />}
          {!error && (!kinds.data || (id && !endpoint)) && <Box padding="l"><SpaceBetween size="l"><Skeleton /><Skeleton /><Skeleton /></SpaceBetween></Box>}
          {kinds.data && (!id || endpoint) && (
            <EndpointForm key={endpoint?.id ?? 'new'} kinds={kinds.data.endpointKinds} templates={kinds.data.endpointTemplates} endpoint={endpoint} onCancel={() => leave(id)}
              onSaved={(saved) => { flashAfter('success', t(id ? 'endpoint.saved' : 'endpoint.created', { name: saved.name })); leave(saved.id); }} />
          )}
        </ContentLayout>
      )}
    </Page>
  );
}
