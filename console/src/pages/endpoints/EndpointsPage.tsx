import { getRouteApi, useNavigate } from '@tanstack/react-router';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import PropertyFilter from '@cloudscape-design/components/property-filter';
import { follow } from '../../app/router';
import { CursorPages } from '../../components/CursorPages';
import { TestStatus } from '../../components/endpoint/ConnectionTest';
import { filterOf, parseFilter, tokensOf, writeFilter } from '../../components/filter';
import { ListPage, type Column } from '../../components/ListPage';
import { Dash, Labels, Time } from '../../components/parts';
import { OperatorButton } from '../../components/run/RunActions';
import { useFormat, useI18n } from '../../i18n/i18n';
import { useEndpointKinds, useEndpoints, type Endpoint } from '../../services/endpoints';
import { useRole } from '../../services/session';

const route = getRouteApi('/endpoints');
const pageSize = 50;
const properties = ['kind', 'label'] as const;

export default function EndpointsPage() {
  const { t, word, hubText } = useI18n();
  const f = useFormat();
  const { can } = useRole();
  const navigate = useNavigate();
  const search = route.useSearch();
  const filter = parseFilter(search.filter, properties);
  const isFiltered = Object.keys(filter).length > 0;
  const [labelName = '', labelValue = ''] = filter.label?.at(-1)?.split('=') ?? [];
  const query = useEndpoints(pageSize, search.after, isFiltered ? { text: filter.text?.[0] ?? null, kind: (filter.kind as string[] | undefined) ?? null, label: labelName ? { name: labelName, value: labelValue } : null } : undefined);
  const kinds = useEndpointKinds();
  const titleOf = ({ vendor }: Endpoint) => hubText('vendor', vendor, kinds.data?.endpointTemplates.find(({ name }) => name === vendor)?.title ?? vendor);
  const columns: Column<Endpoint>[] = [
    { id: 'name', header: t('field.thing'), width: 240, minWidth: 160, cell: (endpoint) => (
      <div className="dth-two"><Link variant="secondary" href={`/endpoints/${endpoint.id}`} onFollow={follow}><b className="dth-wrap">{endpoint.name}</b></Link>{endpoint.description && <span className="dth-small dth-muted">{endpoint.description}</span>}</div>
    ) },
    { id: 'kind', short: true, header: t('endpoint.vendor.col'), width: 170, minWidth: 120, cell: (endpoint) => <div className="dth-two"><span>{titleOf(endpoint) || word('store', endpoint.kind)}</span>{titleOf(endpoint) && <span className="dth-small dth-muted">{word('store', endpoint.kind)}</span>}</div> },
    { id: 'address', header: t('endpoint.address'), width: 250, minWidth: 140, cell: (endpoint) => <span className="dth-wrap">{endpoint.address ?? t('endpoint.thishost')}</span> },
    ...(can('OPERATOR') ? [{ id: 'credential', short: true, header: t('endpoint.credential'), width: 170, minWidth: 120, cell: (endpoint: Endpoint) => (endpoint.credential ? <span className="dth-wrap">{endpoint.credential.name}</span> : <Dash />) }] : []),
    { id: 'reachable', header: t('endpoint.reachable.col'), width: 220, minWidth: 160, cell: (endpoint) => <div className="dth-two"><TestStatus test={endpoint.lastTest} />{endpoint.lastTest && <span className="dth-small dth-muted"><Time at={endpoint.lastTest.at} /></span>}</div> },
    { id: 'usedby', short: true, header: t('endpoint.usedby'), width: 110, minWidth: 90, cell: (endpoint) => (endpoint.taskCount > 0 ? <span className="dth-num">{t('endpoint.tasks', { n: endpoint.taskCount })}</span> : <Dash />) },
    { id: 'labels', header: t('field.labels'), optional: true, width: 180, minWidth: 100, cell: (endpoint) => <Labels labels={endpoint.labels} /> },
  ];
  const change = (text: string | undefined) => void navigate({ to: '/endpoints', search: { filter: text } });
  const create = <OperatorButton needs="ADMIN" variant="primary" href={can('ADMIN') ? '/endpoints/create' : undefined} onFollow={follow}>{t('endpoints.create')}</OperatorButton>;
  return (
    <ListPage<Endpoint>
      title={t('nav.endpoints')} counter={query.data?.totalCount ? `(${f.count(Number(query.data.totalCount))})` : undefined} preferencesKey="endpoints" nameOf={(endpoint) => endpoint.name} idOf={(endpoint) => endpoint.id}
      columns={columns} items={query.data?.nodes} loading={query.isPending} error={query.data ? null : query.error} onRetry={() => void query.refetch()}
      actions={<>{create}</>} filtered={isFiltered} onClearFilter={() => change(undefined)}
      filter={
        <PropertyFilter query={tokensOf(filter)} hideOperations expandToViewport filteringAriaLabel={t('endpoints.find')} filteringPlaceholder={t('endpoints.find')}
          filteringOptions={kinds.data?.endpointKinds.map(({ name }) => ({ propertyKey: 'kind', value: name, label: word('store', name) })) ?? []}
          filteringProperties={properties.map((key) => ({ key, propertyLabel: t(`endpoints.property.${key}`), groupValuesLabel: t(`endpoints.property.${key}`), operators: ['='] }))}
          freeTextFiltering={{ operators: [':'], defaultOperator: ':' }} onChange={({ detail }) => change(writeFilter(filterOf(detail, properties)))} />
      }
      pagination={<CursorPages page={search.page ?? 1} info={query.data?.pageInfo} after={search.after} onChange={(page, after) => void navigate({ to: '/endpoints', search: { ...search, page: page > 1 ? page : undefined, after } })} />}
      empty={{ title: t('endpoints.none'), text: t('endpoints.none.text'), action: can('ADMIN') ? <Button href="/endpoints/create" onFollow={follow}>{t('endpoints.create')}</Button> : undefined }}
    />
  );
}
