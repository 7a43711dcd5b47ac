import { useMemo, useState, type ReactNode } from 'react';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Cards from '@cloudscape-design/components/cards';
import CollectionPreferences, { type CollectionPreferencesProps } from '@cloudscape-design/components/collection-preferences';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { Page, type PageProps } from '../app/Page';
import { recall, remember } from '../app/storage';
import { useI18n } from '../i18n/i18n';
import { Nothing } from './Nothing';
import { RegionError } from './RegionError';
import { useNarrow } from './useNarrow';

export interface Column<T> {
  id: string;
  header: string;
  cell: (item: T) => ReactNode;
  width?: number;
  minWidth?: number;
  /** On a telephone it shares its line with the next short one. */
  short?: boolean;
  /** Hidden until the reader asks for it in the preferences. */
  optional?: boolean;
}
export interface ListProps<T> {
  title: string;
  /** What a row is called: "Select run_…". */
  nameOf: (item: T) => string;
  idOf: (item: T) => string;
  description?: string;
  counter?: string;
  info?: ReactNode;
  actions?: ReactNode;
  /** The first is the header of a row and of a card. */
  columns: Column<T>[];
  items: readonly T[] | undefined;
  loading: boolean;
  error?: Error | null;
  onRetry: () => void;
  filter?: ReactNode;
  filtered?: boolean;
  onClearFilter?: () => void;
  pagination?: ReactNode;
  empty: { title: string; text: string; action?: ReactNode };
  selection?: { items: T[]; onChange: (items: T[]) => void; multi?: boolean };
  /** Under which the reader's columns and density are kept. */
  preferencesKey: string;
  notice?: ReactNode;
  page?: Partial<PageProps>;
  children?: ReactNode;
}

type Preferences = Pick<CollectionPreferencesProps.Preferences, 'contentDensity' | 'contentDisplay'>;
function storedPreferences(key: string, columns: Column<never>[]): Preferences {
  const standard = columns.map(({ id, optional }) => ({ id, visible: !optional }));
  try {
    const stored = JSON.parse(recall(`list.${key}`) ?? '{}') as Preferences;
    const known = (stored.contentDisplay ?? []).filter(({ id }) => columns.some((column) => column.id === id));
    const missing = standard.filter(({ id }) => !known.some((each) => each.id === id));
    return { contentDensity: stored.contentDensity ?? 'comfortable', contentDisplay: [...known, ...missing] };
  } catch {
    return { contentDensity: 'comfortable', contentDisplay: standard };
  }
}

/** A page that is a list: a table, or cards on a telephone, with what every list has. */
export function ListPage<T>(props: ListProps<T>) {
  const { title, columns, items, idOf, nameOf, selection } = props;
  const { t } = useI18n();
  const narrow = useNarrow();
  const [preferences, setPreferences] = useState(() => storedPreferences(props.preferencesKey, columns));
  const definitions = useMemo<TableProps.ColumnDefinition<T>[]>(
    () => columns.map(({ id, header, cell, width, minWidth }, i) => ({ id, header, cell, width, minWidth, isRowHeader: i === 0 })), [columns]);
  const header = (
    <Header variant={narrow ? 'h1' : 'awsui-h1-sticky'} counter={props.counter} info={props.info} actions={props.actions} description={props.description}>{title}</Header>
  );
  const filter = (props.filter ?? props.notice) ? <SpaceBetween size="s">{props.filter && <div data-filter>{props.filter}</div>}{props.notice}</SpaceBetween> : undefined;
  const empty = props.error
    ? <Box textAlign="left"><RegionError error={props.error} onRetry={props.onRetry} /></Box>
    : props.filtered
      ? <Nothing title={t('list.nomatch')} action={props.onClearFilter && <Button onClick={props.onClearFilter}>{t('list.clear')}</Button>} />
      : <Nothing title={props.empty.title} text={props.empty.text} action={props.empty.action} />;
  const shared = {
    items: props.error ? [] : (items ?? []), loading: props.loading, loadingText: t('loading'), trackBy: idOf, header, filter, empty,
    pagination: props.pagination,
    selectionType: selection ? (selection.multi ? 'multi' as const : 'single' as const) : undefined,
    selectedItems: selection?.items, onSelectionChange: selection && (({ detail }: { detail: { selectedItems: T[] } }) => selection.onChange(detail.selectedItems)),
  };
  return (
    <Page title={title} contentType={narrow ? 'cards' : 'table'} {...props.page}>
      {narrow ? (
        <Cards<T> {...shared} variant="full-page" cardsPerRow={[{ cards: 1 }]}
          ariaLabels={{ itemSelectionLabel: (_, item) => t('list.select', { name: nameOf(item) }), selectionGroupLabel: title, cardsLabel: title }}
          cardDefinition={{
            header: columns[0].cell,
            sections: columns.slice(1).filter(({ optional }) => !optional).map(({ id, header: label, cell, short }) => ({ id, header: label, content: cell, width: short ? 50 : 100 })),
          }} />
      ) : (
        <Table<T> {...shared} variant="full-page" columnDefinitions={definitions} columnDisplay={preferences.contentDisplay} contentDensity={preferences.contentDensity}
          stickyHeader resizableColumns enableKeyboardNavigation
          ariaLabels={{ tableLabel: title, itemSelectionLabel: (_, item) => t('list.select', { name: nameOf(item) }), selectionGroupLabel: title, allItemsSelectionLabel: () => t('list.select.all') }}
          preferences={
            <CollectionPreferences title={t('prefs.title')} confirmLabel={t('prefs.confirm')} cancelLabel={t('cancel')} preferences={preferences}
              onConfirm={({ detail }) => { setPreferences(detail); remember(`list.${props.preferencesKey}`, JSON.stringify(detail)); }}
              contentDensityPreference={{ label: t('prefs.dense'), description: t('prefs.dense.text') }}
              contentDisplayPreference={{ title: t('prefs.columns'), options: columns.map(({ id, header: label }, i) => ({ id, label, alwaysVisible: i === 0 })) }} />
          } />
      )}
      {props.children}
    </Page>
  );
}
