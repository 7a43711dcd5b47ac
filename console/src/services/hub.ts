import { useQuery } from '@tanstack/react-query';
import { HubDocument } from './generated/graphql';
import { request } from './transport';

export function useHub() {
  return useQuery({ queryKey: ['hub'], queryFn: ({ signal }) => request(HubDocument, {}, signal).then((data) => data.hub), staleTime: 60_000 });
}
