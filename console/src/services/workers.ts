import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { DrainWorkerDocument, type WorkerRowFragment, WorkersDocument, type WorkersQuery } from './generated/graphql';
import { useKeyedChange } from './mutation';
import { request } from './transport';

export type Worker = WorkerRowFragment;
const interval = 3_000;

export function useWorkers(first: number, after?: string) {
  return useQuery<WorkersQuery['workers']>({
    queryKey: ['workers', first, after], placeholderData: keepPreviousData, refetchInterval: interval,
    queryFn: ({ signal }) => request(WorkersDocument, { first, after: after ?? null }, signal).then((data) => data.workers),
  });
}
export const useDrainWorker = () => useKeyedChange(DrainWorkerDocument, ['workers']);
