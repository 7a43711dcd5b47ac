import { useEffect, useRef } from 'react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  ApproveDeletionsDocument, CancelRunDocument, type FailureFilter, type FailureGroupsQuery, FailureGroupsDocument, FailuresDocument, type FailuresQuery, PauseRunDocument, RejectDeletionsDocument, ResumeRunDocument,
  RetryRunDocument, RunDocument, type RunFilter, type RunQuery, RunProgressDocument, type RunRowFragment, RunsDocument, RunSeriesDocument,
  type RunsQuery,
} from './generated/graphql';
import { useKeyedChange } from './mutation';
import { useSubscription } from './socket';
import { hubNow, request } from './transport';

export type Run = RunRowFragment;
export type RunDetail = NonNullable<RunQuery['run']>;
export type Failure = NonNullable<FailuresQuery['run']>['failures']['nodes'][number];
export type FailureGroup = NonNullable<FailureGroupsQuery['run']>['failureGroups'][number];
export type Deletions = NonNullable<RunDetail['deletions']>;
export type RunState = Run['state'];
export type { FailureFilter, RunFilter };

const listInterval = 3_000;
const failuresInterval = 3_000;
export const runStates = ['QUEUED', 'RUNNING', 'WAITING', 'PAUSED', 'CANCELLING', 'INTERRUPTED', 'SUCCEEDED', 'COMPLETED_WITH_FAILURES', 'FAILED', 'CANCELLED'] as const satisfies readonly RunState[];
export const unfinishedStates = ['QUEUED', 'RUNNING', 'WAITING', 'PAUSED', 'CANCELLING', 'INTERRUPTED'] as const satisfies readonly RunState[];
export const endedStates = ['SUCCEEDED', 'COMPLETED_WITH_FAILURES', 'FAILED', 'CANCELLED'] as const satisfies readonly RunState[];
export const attentionStates = ['WAITING', 'INTERRUPTED', 'COMPLETED_WITH_FAILURES', 'FAILED'] as const satisfies readonly RunState[];

export function useRuns(first: number, after?: string, filter?: RunFilter) {
  return useQuery<RunsQuery['runs']>({
    queryKey: ['runs', first, after, filter], placeholderData: keepPreviousData, refetchInterval: listInterval,
    queryFn: ({ signal }) => request(RunsDocument, { first, after: after ?? null, filter: filter ?? null }, signal).then((data) => data.runs),
  });
}

/** The run, live until it is over; null where there is none. */
export function useRun(id: string, enabled = true) {
  const client = useQueryClient();
  const query = useQuery({ queryKey: ['run', id], enabled, queryFn: ({ signal }) => request(RunDocument, { id }, signal).then((data) => data.run ?? null) });
  const failedNow = () => client.getQueryData<RunDetail | null>(['run', id])?.counts.failed;
  const refreshing = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(refreshing.current), [id]);
  // They may come by thousands: what is shown of them follows once in a while.
  const refreshFailures = () => {
    refreshing.current ??= setTimeout(() => {
      refreshing.current = undefined;
      void client.invalidateQueries({ queryKey: ['failures', id] });
      void client.invalidateQueries({ queryKey: ['failureGroups', id] });
    }, failuresInterval);
  };
  useSubscription(RunProgressDocument, { id }, Boolean(query.data && !query.data.isOver), ({ runProgress }) => {
    const failed = failedNow();
    client.setQueryData<RunDetail | null>(['run', id], (known) => (known ? { ...known, ...runProgress } : known));
    if (failed !== runProgress.counts.failed || runProgress.isOver) refreshFailures();
  }, () => {
    const failed = failedNow();
    void query.refetch({ cancelRefetch: false }).then(({ data }) => { if (data && (failed !== data.counts.failed || data.isOver)) refreshFailures(); });
  });
  return query;
}
const seriesInterval = 5_000;
const stepMin = 5; // seconds: jobs finish in batches, and shorter steps would show only those
const pointsMax = 120;
/** How fast the run was since `minutes` ago; without them, since it began. */
export function useRunSeries(run: RunDetail, minutes?: number) {
  return useQuery({
    queryKey: ['series', run.id, minutes], refetchInterval: run.isOver ? false : seriesInterval,
    queryFn: ({ signal }) => {
      const end = run.endedAt ? Date.parse(run.endedAt) : hubNow();
      const begin = Math.max(Date.parse(run.createdAt), minutes === undefined ? 0 : end - minutes * 60_000);
      const points = Math.min(pointsMax, Math.max(2, Math.floor((end - begin) / 1000 / stepMin)));
      return request(RunSeriesDocument, { id: run.id, from: new Date(begin).toISOString(), points }, signal).then((data) => data.run?.series ?? null);
    },
  });
}
export const usePauseRun = () => useKeyedChange(PauseRunDocument, ['run', 'runs'], true);
export const useResumeRun = () => useKeyedChange(ResumeRunDocument, ['run', 'runs'], true);
export const useCancelRun = () => useKeyedChange(CancelRunDocument, ['run', 'runs']);
export const useApproveDeletions = () => useKeyedChange(ApproveDeletionsDocument, ['run', 'runs', 'task', 'tasks', 'overview']);
export const useRejectDeletions = () => useKeyedChange(RejectDeletionsDocument, ['run', 'runs', 'task', 'tasks', 'overview']);
export const useRetryRun = () => useKeyedChange(RetryRunDocument, ['runs']);

export const failuresPageSize = 20; // more of them at once is felt when they come
/** One page of what failed: a run may have millions of it. */
export function useFailures(id: string, filter: FailureFilter, enabled: boolean, after?: string) {
  return useQuery<NonNullable<FailuresQuery['run']>['failures'] | null>({
    queryKey: ['failures', id, filter, after], enabled, placeholderData: keepPreviousData,
    queryFn: ({ signal }) => request(FailuresDocument, { id, first: failuresPageSize, after: after ?? null, filter }, signal).then((data) => data.run?.failures ?? null),
  });
}
export function useFailureGroups(id: string, enabled: boolean) {
  return useQuery({ queryKey: ['failureGroups', id], enabled, queryFn: ({ signal }) => request(FailureGroupsDocument, { id }, signal).then((data) => data.run?.failureGroups ?? []) });
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
