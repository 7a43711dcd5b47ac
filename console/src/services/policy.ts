import { useQuery } from '@tanstack/react-query';
import { TaskPolicyDocument } from './generated/graphql';
import { request } from './transport';

export function useTaskPolicy(id: string, side: 'SOURCE' | 'DESTINATION', enabled: boolean) {
  return useQuery({ queryKey: ['task', id, 'policy', side], enabled, retry: false, queryFn: ({ signal }) => request(TaskPolicyDocument, { id, task: null, side }, signal).then((data) => data.taskPolicy) });
}
