import { lazy, Suspense, useState } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import Link from '@cloudscape-design/components/link';
import PropertyFilter from '@cloudscape-design/components/property-filter';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Button from '@cloudscape-design/components/button';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { flash } from '../../app/flash';
import { saveFile } from '../../app/save';
import { CursorPages } from '../../components/CursorPages';
import { filterOf, parseFilter, tokensOf, writeFilter } from '../../components/filter';
import { ListPage, type Column } from '../../components/ListPage';
import { Dash } from '../../components/parts';
import { useWide } from '../../components/useNarrow';
import { useFormat, useI18n } from '../../i18n/i18n';
import { auditFilterOf, auditLines, auditProperties, downloadMax, useAuditEvents, type AuditEvent, type AuditFilter } from '../../services/audit';
import { Outcome, Target } from './AuditCells';

// Shown when an entry is chosen, and loaded then.
const AuditDetail = lazy(() => import('./AuditDetail').then((module) => ({ default: module.AuditDetail })));

const route = getRouteApi('/audit');
const pageSize = 50;
const auditRanges = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 } as const;
type Range = keyof typeof auditRanges | 'all';
const rangeNames = [...Object.keys(auditRanges), 'all'] as Range[];

function useDownload(filter: AuditFilter) {
  const { t } = useI18n();
  const f = useFormat();
  const [isLoading, setLoading] = useState(false);
  const download = async () => {
    setLoading(true);
    try {
      const { text, isWhole } = await auditLines(filter);
      saveFile('audit.jsonl', text, 'application/jsonl');
      if (!isWhole) flash('warning', t('audit.download.part', { n: f.count(downloadMax) }));
    } catch (error) {
      flash('error', (error as Error).message);
    } finally {
      setLoading(false);
    }
  };
  return { isLoading, download };
}

export default function AuditPage() {
  const { t, word } = useI18n();
  const f = useFormat();
  const navigate = useNavigate();
  const wide = useWide();
  const search = route.useSearch();
  const filter = parseFilter(search.filter, auditProperties);
  const range = rangeNames.find((each) => each === search.view) ?? 'all';
  const asked = auditFilterOf(filter, range === 'all' ? undefined : auditRanges[range]);
  const query = useAuditEvents(pageSize, search.after, asked);
  const { isLoading, download } = useDownload(asked);
  const isFiltered = range !== 'all' || Object.keys(filter).length > 0;
  const events = query.data?.nodes;
  const open = events?.find(({ id }) => id === search.item);
  const show = (item?: string) => void navigate({ to: '/audit', search: { ...search, item } });
  const columns: Column<AuditEvent>[] = [
    { id: 'at', header: t('audit.col.at'), width: 190, minWidth: 150, cell: (event) => <Link variant="secondary" href={`/audit?item=${event.id}`} onFollow={(follow) => { follow.preventDefault(); show(event.id); }}><time dateTime={event.at} title={f.full(new Date(event.at))}>{f.moment(new Date(event.at))}</time></Link> },
    { id: 'who', short: true, header: t('audit.col.who'), width: 190, minWidth: 140, cell: (event) => <div className="dth-two"><span className="dth-wrap">{event.actorName || event.actorId || <Dash />}</span><span className="dth-small dth-muted">{word('actor', event.actorKind)}</span></div> },
    { id: 'did', short: true, header: t('audit.col.did'), width: 240, minWidth: 140, cell: (event) => <div className="dth-two"><span className="dth-wrap">{word('audit.action', event.action)}</span>{word('audit.action', event.action) !== event.action && <span className="dth-small dth-muted dth-wrap">{event.action}</span>}</div> },
    { id: 'target', short: true, header: t('audit.col.target'), width: 240, minWidth: 140, cell: (event) => <Target event={event} /> },
    { id: 'outcome', short: true, header: t('audit.col.outcome'), width: 130, minWidth: 110, cell: (event) => <Outcome event={event} /> },
    { id: 'from', short: true, header: t('audit.col.from'), width: 160, minWidth: 110, cell: (event) => event.address || <Dash /> },
  ];
  const change = (text: string | undefined, next: Range = range) => void navigate({ to: '/audit', search: { filter: text, view: next === 'all' ? undefined : next } });
  return (
    <ListPage<AuditEvent>
      title={t('nav.audit')} description={t('audit.text')} preferencesKey="audit" nameOf={(event) => event.id} idOf={(event) => event.id} columns={columns} items={events}
      loading={query.isPending} error={query.data ? null : query.error} onRetry={() => void query.refetch()}
      page={{ needs: 'ADMIN', splitPanel: open && <Suspense fallback={null}><AuditDetail event={open} /></Suspense>, splitPanelOpen: Boolean(open), onSplitPanelToggle: ({ detail }) => { if (!detail.open) show(); }, splitPanelPreferences: { position: wide ? 'side' : 'bottom' }, splitPanelSize: 420 }}
      filtered={isFiltered} onClearFilter={() => change(undefined, 'all')} actions={<Button iconName="download" loading={isLoading} onClick={() => void download()}>{t('audit.download')}</Button>}
      filter={<SpaceBetween size="s">
        <SegmentedControl selectedId={range} label={t('chart.range')} options={rangeNames.map((id) => ({ id, text: t(`audit.range.${id}`) }))} onChange={({ detail }) => change(search.filter, detail.selectedId as Range)} />
        <PropertyFilter query={tokensOf(filter)} hideOperations expandToViewport filteringAriaLabel={t('audit.find')} filteringPlaceholder={t('audit.find')} filteringOptions={(['OK', 'REFUSED'] as const).map((value) => ({ propertyKey: 'outcome', value, label: t(`audit.outcome.${value}`) }))}
          filteringProperties={auditProperties.map((key) => ({ key, propertyLabel: t(`audit.property.${key}`), groupValuesLabel: t(`audit.property.${key}`), operators: ['='] }))}
          disableFreeTextFiltering onChange={({ detail }) => change(writeFilter(filterOf(detail, auditProperties)))} />
      </SpaceBetween>}
      pagination={<CursorPages page={search.page ?? 1} info={query.data?.pageInfo} after={search.after} onChange={(page, after) => void navigate({ to: '/audit', search: { ...search, page: page > 1 ? page : undefined, after } })} />}
      empty={{ title: t('audit.none'), text: t('audit.text') }}
    />
  );
}
