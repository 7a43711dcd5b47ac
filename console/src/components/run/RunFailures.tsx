import { useEffect, useMemo, useState } from 'react';
import { getRouteApi } from '@tanstack/react-router';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useFormat, useI18n } from '../../i18n/i18n';
import { countsOf, useFailures, type Failure, type RunDetail } from '../../services/runs';
import { Nothing } from '../ListPage';
import { Copy, Dash, Time } from '../parts';
import { RegionError } from '../RegionError';
import { useNarrow } from '../useNarrow';

const route = getRouteApi('/runs/$id');

export function RunFailures({ run, onOpen, open }: { run: RunDetail; onOpen: (failure: Failure) => void; open?: Failure }) {
  const { t, word } = useI18n();
  const f = useFormat();
  const narrow = useNarrow();
  const { item } = route.useSearch();
  const failed = countsOf(run).failed;
  const query = useFailures(run.id, failed > 0);
  const [text, setText] = useState('');
  const all = useMemo(() => query.data?.pages.flatMap((page) => page?.nodes ?? []) ?? [], [query.data]);
  const shown = all.filter((failure) => `${failure.key} ${failure.message} ${failure.detail ?? ''} ${failure.code}`.toLowerCase().includes(text.toLowerCase()));
  // A copied link opens the same object.
  useEffect(() => {
    const linked = item && !open ? all.find(({ key }) => key === item) : undefined;
    if (linked) onOpen(linked);
  }, [item, open, all, onOpen]);
  if (query.error) return <RegionError error={query.error} onRetry={() => void query.refetch()} />;
  const isSideBySide = Boolean(open) && !narrow;
  return (
    <Table<Failure>
      variant="container" items={shown} trackBy={(failure) => `${failure.key}\n${failure.versionId ?? ''}`} loading={query.isFetching && !query.data && failed > 0} loadingText={t('loading')} wrapLines enableKeyboardNavigation
      ariaLabels={{ tableLabel: t('failures.title') }}
      header={<Header variant="h2" counter={`(${f.count(failed)})`}>{t('failures.title')}</Header>}
      filter={failed > 0 && <div data-filter><TextFilter filteringText={text} filteringPlaceholder={t('failures.find')} filteringAriaLabel={t('failures.find')} countText={t('list.matches', { n: shown.length })} onChange={({ detail }) => setText(detail.filteringText)} /></div>}
      empty={<Nothing title={t(failed > 0 ? 'list.nomatch' : 'failures.none')} />}
      columnDisplay={['key', 'message', 'code', 'size', 'attempts', 'at'].map((id) => ({ id, visible: !isSideBySide || id === 'key' || id === 'code' }))}
      columnDefinitions={[
        { id: 'key', header: t('failures.col.key'), isRowHeader: true, width: 300, cell: (failure) => <Link variant="secondary" href={`?item=${encodeURIComponent(failure.key)}`} onFollow={(event) => { event.preventDefault(); onOpen(failure); }}>{failure.key}</Link> },
        { id: 'message', header: t('failures.col.message'), minWidth: 240, cell: (failure) => failure.message },
        { id: 'code', header: t('failures.col.code'), width: 170, cell: (failure) => word('failure', failure.reason ?? failure.code) },
        { id: 'size', header: t('failures.col.size'), width: 100, cell: (failure) => <span className="dth-num">{f.bytes(Number(failure.size))}</span> },
        { id: 'attempts', header: t('failures.col.attempts'), width: 100, cell: (failure) => <span className="dth-num">{f.count(failure.attempts)}</span> },
        { id: 'at', header: t('failures.col.at'), width: 120, cell: (failure) => <Time at={failure.at} /> },
      ]}
      footer={query.hasNextPage && <Box textAlign="center"><Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('list.more')}</Button></Box>}
    />
  );
}

/** All that is known of one failed item, beside the list. */
export function FailurePanel({ failure }: { failure: Failure }) {
  const { t, word } = useI18n();
  const f = useFormat();
  return (
    <SplitPanel header={t('panel.title')} closeBehavior="hide" hidePreferencesButton>
      <SpaceBetween size="l">
        <div><Box variant="awsui-key-label">{t('failures.col.key')}</Box><span className="dth-mono dth-wrap">{failure.key}</span></div>
        <div><Box variant="awsui-key-label">{t('panel.what')}</Box><span className="dth-wrap">{failure.message}</span></div>
        {failure.detail && <div><Box variant="awsui-key-label">{t('panel.detail')}</Box><span className="dth-mono dth-wrap">{failure.detail}</span></div>}
        <KeyValuePairs columns={2} items={[
          { label: t('failures.col.code'), value: word('failure', failure.reason ?? failure.code) }, { label: t('failures.col.size'), value: f.bytes(Number(failure.size)) },
          { label: t('failures.col.attempts'), value: f.count(failure.attempts) }, { label: t('failures.col.at'), value: <Time at={failure.at} relative={false} /> },
          { label: t('panel.step'), value: failure.step ?? <Dash /> }, { label: t('panel.version'), value: failure.versionId ? <Copy text={failure.versionId} /> : <Dash /> },
        ]} />
        <Copy label={t('panel.support')} text={[failure.key, failure.message, failure.detail, failure.at].filter(Boolean).join('\n')} />
      </SpaceBetween>
    </SplitPanel>
  );
}
