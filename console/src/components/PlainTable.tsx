import type { ReactNode } from 'react';
import Cards from '@cloudscape-design/components/cards';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useI18n } from '../i18n/i18n';
import type { Column } from './ListPage';
import { Nothing } from './Nothing';
import { RegionError } from './RegionError';
import { useNarrow } from './useNarrow';

interface Props<T> {
  title: string;
  counter?: string;
  description?: string;
  actions?: ReactNode;
  columns: Column<T>[];
  items: readonly T[] | undefined;
  idOf: (item: T) => string;
  loading: boolean;
  error: Error | null;
  onRetry: () => void;
  empty: { title: string; text?: string; action?: ReactNode };
  pagination?: ReactNode;
  filter?: ReactNode;
}

/** A table within a page; cards on a telephone. */
export function PlainTable<T>({ title, counter, description, actions, columns, items, idOf, loading, error, onRetry, empty, pagination, filter }: Props<T>) {
  const { t } = useI18n();
  const narrow = useNarrow();
  const header = <Header variant="h2" counter={counter} description={description} actions={actions}>{title}</Header>;
  if (error && !items) return <RegionError error={error} onRetry={onRetry} />;
  const shared = { items: items ?? [], trackBy: idOf, loading, loadingText: t('loading'), header, filter, pagination, empty: <Nothing {...empty} /> };
  if (narrow) {
    return (
      <Cards<T> {...shared} cardsPerRow={[{ cards: 1 }]} ariaLabels={{ cardsLabel: title, itemSelectionLabel: () => title, selectionGroupLabel: title }}
        cardDefinition={{ header: columns[0].cell, sections: columns.slice(1).map(({ id, header: label, cell, short }) => ({ id, header: label, content: cell, width: short ? 50 : 100 })) }} />
    );
  }
  return (
    <Table<T> {...shared} variant="container" wrapLines ariaLabels={{ tableLabel: title }}
      columnDefinitions={columns.map(({ id, header: label, cell, width, minWidth }, i) => ({ id, header: label, cell, width, minWidth, isRowHeader: i === 0 }))} />
  );
}
