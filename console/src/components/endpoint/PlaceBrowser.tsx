import { useEffect, useState } from 'react';
import Box from '@cloudscape-design/components/box';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Button from '@cloudscape-design/components/button';
import Icon, { type IconProps } from '@cloudscape-design/components/icon';
import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useFormat, useI18n } from '../../i18n/i18n';
import { useBrowse, type BrowseEntry, type BrowseInput } from '../../services/endpoints';
import { Nothing } from '../Nothing';
import { Dash, Time } from '../parts';
import { RegionError } from '../RegionError';
import { useTyped } from '../useTyped';
import { useNarrow } from '../useNarrow';
import { levelsOf } from './place';

const icons: Record<BrowseEntry['kind'], IconProps.Name> = { BUCKET: 'folder', PREFIX: 'folder', OBJECT: 'file' };

interface Props {
  at: Pick<BrowseInput, 'endpointId' | 'endpoint'>;
  /** The level that is shown: "" for all buckets, "bucket/prefix/". */
  path: string;
  onPath: (path: string) => void;
  /** The entry that is chosen, where one can be. */
  chosen?: string;
  onChoose?: (path: string) => void;
}

/** What is in a store, level by level. Typing a path and going there are one state. */
export function PlaceBrowser({ at, path, onPath, chosen, onChoose }: Props) {
  const { t } = useI18n();
  const f = useFormat();
  const narrow = useNarrow();
  const [text, setText] = useState('');
  useEffect(() => setText(''), [path]);
  const query = useBrowse({ ...at, path, search: useTyped(text) }, Boolean(at.endpointId ?? at.endpoint));
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  const levels = levelsOf(path);
  const selected = entries.filter((entry) => entry.path === chosen);
  return (
    <Table<BrowseEntry>
      variant="embedded" contentDensity="compact" items={query.error ? [] : entries} trackBy="path" loading={query.isPending} loadingText={t('loading')}
      {...(onChoose && {
        selectionType: 'single' as const, selectedItems: selected, onSelectionChange: ({ detail }: { detail: { selectedItems: BrowseEntry[] } }) => onChoose(detail.selectedItems[0]?.path ?? path),
      })}
      ariaLabels={{ tableLabel: t('browse.title'), selectionGroupLabel: t('browse.title'), itemSelectionLabel: (_, entry) => t('list.select', { name: entry.name }) }}
      header={
        <div className="dth-row between">
          <BreadcrumbGroup ariaLabel={t('browse.title')} items={[{ text: t('browse.buckets'), href: '#' }, ...levels.map((level) => ({ text: level.name, href: `#${level.path}` }))]}
            onFollow={(event) => { event.preventDefault(); onPath(event.detail.href.slice(1)); }} />
          <div className="dth-browse-find"><TextFilter filteringText={text} filteringPlaceholder={t('browse.find')} filteringAriaLabel={t('browse.find')} onChange={({ detail }) => setText(detail.filteringText)} /></div>
        </div>
      }
      empty={query.error ? <Box textAlign="left"><RegionError error={query.error} onRetry={() => void query.refetch()} /></Box> : <Nothing title={t(text ? 'list.nomatch' : 'browse.none')} />}
      columnDisplay={['name', 'size', 'modified', 'class'].map((id) => ({ id, visible: !narrow || id === 'name' || id === 'size' }))}
      columnDefinitions={[
        { id: 'name', header: t('field.thing'), isRowHeader: true, minWidth: 180, cell: (entry) => (
          <span className="dth-wrap"><Icon name={icons[entry.kind]} variant="subtle" /> {entry.kind === 'OBJECT' ? entry.name : <Link href={`#${entry.path}`} onFollow={(event) => { event.preventDefault(); onPath(entry.path); }}>{entry.name}</Link>}</span>
        ) },
        { id: 'size', header: t('failures.col.size'), width: 110, cell: (entry) => (entry.size === null || entry.size === undefined ? <Dash /> : <span className="dth-num">{f.bytes(Number(entry.size))}</span>) },
        { id: 'modified', header: t('browse.modified'), width: 190, cell: (entry) => <Time at={entry.modifiedAt} relative={false} /> },
        { id: 'class', header: t('browse.class'), width: 140, cell: (entry) => entry.storageClass || <Dash /> },
      ]}
      footer={query.hasNextPage && <Box textAlign="center"><Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('list.more')}</Button></Box>}
    />
  );
}
