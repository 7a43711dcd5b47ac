import type { RunSearch } from '../../app/router';

/** What the address says of a run, and how a part of it changes: a run is shown on its own page and on its task's. */
export interface RunPlace {
  search: Pick<RunSearch, 'range' | 'item' | 'group'>;
  go: (change: Partial<RunSearch>) => void;
}
