import { CursorPages } from './CursorPages';
import type { Format } from '../i18n/format';

/** Where a reader is in a list whose place the address does not name. */
export interface Place { page: number; after?: string }
export const firstPlace: Place = { page: 1 };
interface List { nodes: readonly unknown[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } }

/** Nothing where there is one page only. */
export function LocalPages({ place, data, onGo }: { place: Place; data?: List; onGo: (place: Place) => void }) {
  if (place.page === 1 && !data?.pageInfo.hasNextPage) return null;
  return <CursorPages page={place.page} after={place.after} info={data?.pageInfo} onChange={(page, after) => onGo({ page, after })} />;
}

/** How many there are, where one page shows all of them; the hub does not count the others. */
export function counterOf(place: Place, data: List | undefined, f: Format) {
  return data && place.page === 1 && !data.pageInfo.hasNextPage ? `(${f.count(data.nodes.length)})` : undefined;
}
