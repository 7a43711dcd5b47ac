import { useRef } from 'react';
import Pagination from '@cloudscape-design/components/pagination';
import { useI18n } from '../i18n/i18n';

interface Props {
  page: number;
  after?: string;
  info?: { hasNextPage: boolean; endCursor?: string | null };
  onChange: (page: number, after: string | undefined) => void;
}

/** Pages of a list that is read by cursors: forwards one by one, back to those that were seen, else to the first. */
export function CursorPages({ page, after, info, onChange }: Props) {
  const { t } = useI18n();
  const seen = useRef(new Map<number, string | undefined>());
  seen.current.set(page, after);
  if (info?.hasNextPage && info.endCursor) seen.current.set(page + 1, info.endCursor);
  const known = info?.hasNextPage ? page + 1 : page;
  return (
    <Pagination currentPageIndex={page} pagesCount={known} openEnd={Boolean(info?.hasNextPage)}
      ariaLabels={{ nextPageLabel: t('pages.next'), previousPageLabel: t('pages.previous'), paginationLabel: t('pages.label'), pageLabel: (n) => t('pages.page', { n }) }}
      onChange={({ detail }) => {
        const wanted = detail.currentPageIndex;
        if (wanted === 1 || !seen.current.has(wanted)) onChange(1, undefined);
        else onChange(wanted, seen.current.get(wanted));
      }} />
  );
}
