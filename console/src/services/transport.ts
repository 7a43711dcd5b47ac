// The one place that sends HTTP requests. Answers become data or an ApiError; nobody else sees a status code.
import { reportContact, reportSilence } from './connection';
import type { TypedDocumentString } from './generated/graphql';

export type ErrorKind = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'THROTTLED' | 'UNREACHABLE' | 'OTHER';

export class ApiError extends Error {
  constructor(
    readonly kind: ErrorKind,
    message: string,
    readonly code: string,
    readonly requestId?: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

interface GraphQLAnswer {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: string; retryAfterSeconds?: number } }[];
}

const kinds: Record<string, ErrorKind> = {
  UNAUTHENTICATED: 'UNAUTHENTICATED', FORBIDDEN: 'FORBIDDEN', PERMISSION_DENIED: 'FORBIDDEN', NOT_FOUND: 'NOT_FOUND',
  THROTTLED: 'THROTTLED', TOO_MANY_REQUESTS: 'THROTTLED', RATE_LIMITED: 'THROTTLED',
};

const timeoutMilliseconds = 30_000;
let skewMilliseconds = 0;
/** The hub's clock, as its last answer told it: the reader's own may be wrong by hours. */
export const hubNow = () => Date.now() + skewMilliseconds;

function learnClock(headers: Headers) {
  const date = Date.parse(headers.get('date') ?? '');
  // The header has whole seconds: smaller differences say nothing.
  if (!Number.isNaN(date)) skewMilliseconds = Math.abs(date - Date.now()) > 2_000 ? date - Date.now() : 0;
}

function errorOf(answer: GraphQLAnswer, status: number, requestId: string | undefined): ApiError {
  const first = answer.errors?.[0];
  const code = first?.extensions?.code ?? (status === 401 ? 'UNAUTHENTICATED' : status === 403 ? 'FORBIDDEN' : `HTTP_${status}`);
  return new ApiError(kinds[code.toUpperCase()] ?? 'OTHER', first?.message ?? `The hub answered ${status}.`, code, requestId,
    first?.extensions?.retryAfterSeconds);
}

export async function request<Data, Variables>(
  document: TypedDocumentString<Data, Variables>, variables: Variables, signal?: AbortSignal,
): Promise<Data> {
  const limit = AbortSignal.timeout(timeoutMilliseconds);
  let response: Response;
  let answer: GraphQLAnswer;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json', 'X-DTH-Request': 'console' },
      body: JSON.stringify({ query: document.toString(), variables }),
      credentials: 'same-origin', cache: 'no-store', signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    learnClock(response.headers);
    answer = (await response.json()) as GraphQLAnswer;
  } catch (error) {
    if (signal?.aborted) throw error;
    reportSilence();
    throw new ApiError('UNREACHABLE', 'The hub does not answer.', 'UNREACHABLE');
  }
  reportContact();
  const requestId = response.headers.get('x-request-id') ?? undefined;
  if (answer.errors?.length || answer.data === undefined || answer.data === null) throw errorOf(answer, response.status, requestId);
  return answer.data as Data;
}

/** The version of the hub that answers now; fails where none does. */
export async function hubVersion(signal: AbortSignal): Promise<string> {
  const response = await fetch('/version', { cache: 'no-store', signal });
  const { version } = (await response.json()) as { version: string };
  return version;
}
