import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type AuditFilter, AuditEventsDocument, type AuditEventsQuery } from './generated/graphql';
import { hubNow, request } from './transport';

export type { AuditFilter };
export type AuditEvent = AuditEventsQuery['auditEvents']['nodes'][number];
export const auditProperties = ['actorId', 'action', 'targetKind', 'targetId', 'outcome'] as const;

/** The hub takes one value of each. `hours`: only of the last ones. */
export function auditFilterOf(filter: Readonly<Record<string, readonly string[]>>, hours?: number): AuditFilter {
  const all: AuditFilter = Object.fromEntries(auditProperties.flatMap((name) => (filter[name]?.length ? [[name, filter[name].at(-1)]] : [])));
  // Whole minutes: a filter that changes with every moment would be asked for again and again.
  return hours === undefined ? all : { ...all, since: new Date(Math.floor(hubNow() / 60_000) * 60_000 - hours * 3_600_000).toISOString() };
}

const downloadPage = 500;
export const downloadMax = 50_000;
/** Everything that the filter lets through, one JSON object a line; the newest `downloadMax` of it. */
export async function auditLines(filter: AuditFilter): Promise<{ text: string; isWhole: boolean }> {
  const lines: string[] = [];
  let after: string | null = null;
  do {
    const { auditEvents: page }: AuditEventsQuery = await request(AuditEventsDocument, { first: downloadPage, after, filter });
    lines.push(...page.nodes.map((event) => JSON.stringify(event)));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after && lines.length < downloadMax);
  return { text: lines.map((line) => `${line}\n`).join(''), isWhole: !after };
}
export const changesOf = (event: AuditEvent) => event.changes;

export function useAuditEvents(first: number, after: string | undefined, filter: AuditFilter) {
  return useQuery<AuditEventsQuery['auditEvents']>({
    queryKey: ['audit', first, after, filter], placeholderData: keepPreviousData,
    queryFn: ({ signal }) => request(AuditEventsDocument, { first, after: after ?? null, filter }, signal).then((data) => data.auditEvents),
  });
}
