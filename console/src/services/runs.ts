import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  FailuresDocument, type FailuresQuery, RunDocument, type RunQuery, RunProgressDocument, type RunRowFragment, RunsDocument, type RunsQuery,
} from './generated/graphql';
import { useSubscription } from './socket';
import { request } from './transport';

export type Run = RunRowFragment;
export type RunDetail = NonNullable<RunQuery['run']>;
export type Failure = NonNullable<FailuresQuery['run']>['failures']['nodes'][number];
export type RunState = Run['state'];

const listInterval = 3_000;

export function useRuns(first: number, after?: string) {
  return useQuery<RunsQuery['runs']>({
    queryKey: ['runs', first, after], placeholderData: keepPreviousData, refetchInterval: listInterval,
    queryFn: ({ signal }) => request(RunsDocument, { first, after: after ?? null }, signal).then((data) => data.runs),
  });
}

/** The run, live until it is over; null where there is none. */
export function useRun(id: string) {
  const client = useQueryClient();
  const query = useQuery({ queryKey: ['run', id], queryFn: ({ signal }) => request(RunDocument, { id }, signal).then((data) => data.run ?? null) });
  useSubscription(RunProgressDocument, { id }, Boolean(query.data && !query.data.isOver), ({ runProgress }) => {
    client.setQueryData<RunDetail | null>(['run', id], (known) => (known ? { ...known, ...runProgress } : known));
    if (runProgress.isOver) void client.invalidateQueries({ queryKey: ['failures', id] });
  });
  return query;
}

export const failuresPageSize = 100;
export function useFailures(id: string, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['failures', id], enabled, initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => request(FailuresDocument, { id, first: failuresPageSize, after: pageParam }, signal).then((data) => data.run?.failures),
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
}

/** Counts as numbers: items of a run stay far below 2^53, and bytes are shown rounded. */
export function countsOf(run: Run) {
  const { listed, selected, copied, unchanged, skipped, deletedAtSource, failed, deleted, bytes } = run.counts;
  const counters = new Map(run.counters.map(({ name, value }) => [name, Number(value)]));
  const counter = (name: string) => counters.get(name) ?? 0;
  const known = {
    listed: Number(listed), selected: Number(selected), copied: Number(copied), unchanged: Number(unchanged), skipped: Number(skipped),
    deletedAtSource: Number(deletedAtSource), failed: Number(failed), deleted: Number(deleted), bytes: Number(bytes),
    sourceChecksum: counter('proof_source_checksum'), transitChecksum: counter('proof_transit_checksum'),
    recomputedEtag: counter('proof_recomputed_etag'), readBack: counter('proof_read_back'), equalEtags: counter('proof_equal_etags'),
    notVerified: counter('proof_none'), retries: counter('retries'),
    matched: counter('matched'), differs: counter('differs'), missing: counter('missing'), extra: counter('extra'), undetermined: counter('undetermined'),
  };
  const verified = known.sourceChecksum + known.transitChecksum + known.recomputedEtag + known.readBack;
  const done = known.copied + known.unchanged + known.failed + known.deletedAtSource + known.skipped;
  return { ...known, verified, done, toDo: Math.max(0, known.selected - done), counter };
}
export type Counts = ReturnType<typeof countsOf>;
