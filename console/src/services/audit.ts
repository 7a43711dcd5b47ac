import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type AuditFilter, AuditEventsDocument, type AuditEventsQuery } from './generated/graphql';
import { request } from './transport';

export type AuditEvent = AuditEventsQuery['auditEvents']['nodes'][number];
export const auditProperties = ['actorId', 'action', 'targetKind', 'targetId', 'outcome'] as const;

/** The hub takes one value of each. */
export function auditFilterOf(filter: Readonly<Record<string, readonly string[]>>): AuditFilter {
  return Object.fromEntries(auditProperties.flatMap((name) => (filter[name]?.length ? [[name, filter[name].at(-1)]] : [])));
}
export const changesOf = (event: AuditEvent) => event.changes;

export function useAuditEvents(first: number, after: string | undefined, filter: AuditFilter) {
  return useQuery<AuditEventsQuery['auditEvents']>({
    queryKey: ['audit', first, after, filter], placeholderData: keepPreviousData,
    queryFn: ({ signal }) => request(AuditEventsDocument, { first, after: after ?? null, filter }, signal).then((data) => data.auditEvents),
  });
}
