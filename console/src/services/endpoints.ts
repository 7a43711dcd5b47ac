import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  BrowseDocument, type BrowseInput, type BrowseQuery, CreateEndpointDocument, DeleteEndpointDocument, EndpointDocument, type EndpointFilter, type EndpointInput,
  EndpointKindsDocument, type EndpointKindsQuery, type EndpointQuery, type EndpointRowFragment, EndpointsDocument, type EndpointsQuery, TestEndpointDocument,
  type TestEndpointInput, type TestPartsFragment, UpdateEndpointDocument,
} from './generated/graphql';
import { send, useKeyedChange } from './mutation';
import { request } from './transport';

export type Endpoint = EndpointRowFragment;
export type EndpointDetail = NonNullable<EndpointQuery['endpoint']>;
export type EndpointKind = EndpointKindsQuery['endpointKinds'][number];
export type EndpointTemplate = EndpointKindsQuery['endpointTemplates'][number];
export type EndpointTest = TestPartsFragment;
export type EndpointCheck = EndpointTest['checks'][number];
export type BrowseEntry = BrowseQuery['browse']['entries'][number];
export type { BrowseInput, EndpointFilter, EndpointInput, TestEndpointInput };

export const endpointsMax = 500;
export function useEndpoints(first: number, after?: string, filter?: EndpointFilter, enabled = true) {
  return useQuery<EndpointsQuery['endpoints']>({
    queryKey: ['endpoints', first, after, filter], placeholderData: keepPreviousData, enabled,
    queryFn: ({ signal }) => request(EndpointsDocument, { first, after: after ?? null, filter: filter ?? null }, signal).then((data) => data.endpoints),
  });
}
/** The endpoint; null where there is none. */
export function useEndpoint(id: string, enabled = true) {
  return useQuery({ queryKey: ['endpoint', id], enabled, queryFn: ({ signal }) => request(EndpointDocument, { id }, signal).then((data) => data.endpoint ?? null) });
}
export function useEndpointKinds() {
  return useQuery({ queryKey: ['endpointKinds'], staleTime: Infinity, queryFn: ({ signal }) => request(EndpointKindsDocument, {}, signal) });
}
export const useCreateEndpoint = () => useKeyedChange(CreateEndpointDocument, ['endpoints']);
export const useUpdateEndpoint = () => useKeyedChange(UpdateEndpointDocument, ['endpoints', 'endpoint', 'endpointTest', 'browse']);
export const useDeleteEndpoint = () => useKeyedChange(DeleteEndpointDocument, ['endpoints']);

/** Tries to reach the store. It runs once where it is enabled, and again with refetch(). */
export function useEndpointTest(input: TestEndpointInput, enabled: boolean) {
  const client = useQueryClient();
  return useQuery<EndpointTest | null>({
    queryKey: ['endpointTest', input], enabled, staleTime: Infinity, gcTime: 0, retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false,
    queryFn: async () => {
      const { testEndpoint } = await send(TestEndpointDocument, { input });
      if (input.id) {
        void client.invalidateQueries({ queryKey: ['endpoints'] });
        void client.invalidateQueries({ queryKey: ['endpoint', input.id] });
      }
      return testEndpoint.test ?? null;
    },
  });
}

const browsePageSize = 100;
/** What is at one level of a store: its buckets, then prefixes and objects. */
export function useBrowse(input: BrowseInput, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['browse', input], enabled, staleTime: 30_000, retry: false, refetchOnWindowFocus: false, initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => request(BrowseDocument, { input, first: browsePageSize, after: pageParam }, signal).then((data) => data.browse),
    getNextPageParam: (page) => (page.hasNextPage ? page.endCursor : undefined),
  });
}
