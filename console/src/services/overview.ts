import { useQuery, useQueryClient } from '@tanstack/react-query';
import { OverviewDocument, OverviewLiveDocument, type OverviewNowFragment } from './generated/graphql';
import { useSubscription } from './socket';
import { request } from './transport';

export type Overview = OverviewNowFragment;
const key = ['overview'];

/** What the hub does now, live. */
export function useOverview() {
  const client = useQueryClient();
  const query = useQuery<Overview>({ queryKey: key, queryFn: ({ signal }) => request(OverviewDocument, {}, signal).then((data) => data.overview) });
  useSubscription(OverviewLiveDocument, {}, query.isSuccess, ({ overview }) => { client.setQueryData<Overview>(key, overview); }, () => void query.refetch({ cancelRefetch: false }));
  return query;
}
