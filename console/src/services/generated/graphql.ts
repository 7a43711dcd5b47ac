/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type Action =
  /** Copies what is missing or changed at the destination. */
  | 'COPY'
  /** Copies, then deletes what only the destination has. */
  | 'SYNC'
  /** Checks that the destination has what the source has. */
  | 'VERIFY';

export type RunState =
  | 'CANCELLED'
  /** What is in flight ends, and what it left open is taken away. */
  | 'CANCELLING'
  /** It is over, and some items failed or could not be verified. */
  | 'COMPLETED_WITH_FAILURES'
  /** It could not go on; `error` says why. */
  | 'FAILED'
  /** It is not over, and the process that worked on it lives no more: `dth run resume` goes on with it. */
  | 'INTERRUPTED'
  | 'PAUSED'
  /** It was not begun yet. */
  | 'QUEUED'
  /** A process works on it. */
  | 'RUNNING'
  | 'SUCCEEDED'
  /** It cannot go on before somebody does something: `waiting` says for what. */
  | 'WAITING';

export type WaitingFor =
  /** A credential is refused. */
  | 'CREDENTIAL'
  /** The destination is full. */
  | 'SPACE'
  /** A store cannot be reached or used. */
  | 'STORE';

export type HubQueryVariables = Exact<{ [key: string]: never; }>;


export type HubQuery = { hub: { version: string, startedAt: string, dataDirectory: string, stateFile: string } };

export type RunRowFragment = { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { scanned: number, selected: number, copied: number, unchanged: number, skipped: number, deletedAtSource: number, failed: number, deleted: number, bytes: number, proofSourceChecksum: number, proofTransitChecksum: number, proofRecomputedEtag: number, proofReadBack: number, proofEqualEtags: number, proofNone: number, requestsGet: number, requestsPut: number, requestsList: number, requestsHead: number, requestsDelete: number, requestsOther: number, retries: number, extra: number, matched: number, undetermined: number, differs: number, missing: number, requestsLook: number } };

export type RunsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type RunsQuery = { runs: { nodes: Array<{ id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { scanned: number, selected: number, copied: number, unchanged: number, skipped: number, deletedAtSource: number, failed: number, deleted: number, bytes: number, proofSourceChecksum: number, proofTransitChecksum: number, proofRecomputedEtag: number, proofReadBack: number, proofEqualEtags: number, proofNone: number, requestsGet: number, requestsPut: number, requestsList: number, requestsHead: number, requestsDelete: number, requestsOther: number, retries: number, extra: number, matched: number, undetermined: number, differs: number, missing: number, requestsLook: number } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type RunQueryVariables = Exact<{
  id: string | number;
}>;


export type RunQuery = { run: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, options: Array<{ name: string, value: string }>, backlog: Array<{ kind: string, jobs: number, items: number }>, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { scanned: number, selected: number, copied: number, unchanged: number, skipped: number, deletedAtSource: number, failed: number, deleted: number, bytes: number, proofSourceChecksum: number, proofTransitChecksum: number, proofRecomputedEtag: number, proofReadBack: number, proofEqualEtags: number, proofNone: number, requestsGet: number, requestsPut: number, requestsList: number, requestsHead: number, requestsDelete: number, requestsOther: number, retries: number, extra: number, matched: number, undetermined: number, differs: number, missing: number, requestsLook: number } } | null };

export type FailuresQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type FailuresQuery = { run: { id: string, failures: { nodes: Array<{ key: string, versionId: string | null, size: number, code: string, message: string, detail: string | null, attempts: number, at: string, step: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type RunProgressSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type RunProgressSubscription = { runProgress: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, backlog: Array<{ kind: string, jobs: number, items: number }>, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { scanned: number, selected: number, copied: number, unchanged: number, skipped: number, deletedAtSource: number, failed: number, deleted: number, bytes: number, proofSourceChecksum: number, proofTransitChecksum: number, proofRecomputedEtag: number, proofReadBack: number, proofEqualEtags: number, proofNone: number, requestsGet: number, requestsPut: number, requestsList: number, requestsHead: number, requestsDelete: number, requestsOther: number, retries: number, extra: number, matched: number, undetermined: number, differs: number, missing: number, requestsLook: number } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const RunRowFragmentDoc = new TypedDocumentString(`
    fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    scanned
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
    proofSourceChecksum
    proofTransitChecksum
    proofRecomputedEtag
    proofReadBack
    proofEqualEtags
    proofNone
    requestsGet
    requestsPut
    requestsList
    requestsHead
    requestsDelete
    requestsOther
    retries
    extra
    matched
    undetermined
    differs
    missing
    requestsLook
  }
}
    `, {"fragmentName":"RunRow"}) as unknown as TypedDocumentString<RunRowFragment, unknown>;
export const HubDocument = new TypedDocumentString(`
    query Hub {
  hub {
    version
    startedAt
    dataDirectory
    stateFile
  }
}
    `) as unknown as TypedDocumentString<HubQuery, HubQueryVariables>;
export const RunsDocument = new TypedDocumentString(`
    query Runs($first: Int!, $after: String) {
  runs(first: $first, after: $after) {
    nodes {
      ...RunRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    scanned
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
    proofSourceChecksum
    proofTransitChecksum
    proofRecomputedEtag
    proofReadBack
    proofEqualEtags
    proofNone
    requestsGet
    requestsPut
    requestsList
    requestsHead
    requestsDelete
    requestsOther
    retries
    extra
    matched
    undetermined
    differs
    missing
    requestsLook
  }
}`) as unknown as TypedDocumentString<RunsQuery, RunsQueryVariables>;
export const RunDocument = new TypedDocumentString(`
    query Run($id: ID!) {
  run(id: $id) {
    ...RunRow
    options {
      name
      value
    }
    backlog {
      kind
      jobs
      items
    }
  }
}
    fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    scanned
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
    proofSourceChecksum
    proofTransitChecksum
    proofRecomputedEtag
    proofReadBack
    proofEqualEtags
    proofNone
    requestsGet
    requestsPut
    requestsList
    requestsHead
    requestsDelete
    requestsOther
    retries
    extra
    matched
    undetermined
    differs
    missing
    requestsLook
  }
}`) as unknown as TypedDocumentString<RunQuery, RunQueryVariables>;
export const FailuresDocument = new TypedDocumentString(`
    query Failures($id: ID!, $first: Int!, $after: String) {
  run(id: $id) {
    id
    failures(first: $first, after: $after) {
      nodes {
        key
        versionId
        size
        code
        message
        detail
        attempts
        at
        step
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FailuresQuery, FailuresQueryVariables>;
export const RunProgressDocument = new TypedDocumentString(`
    subscription RunProgress($id: ID!) {
  runProgress(id: $id) {
    ...RunRow
    backlog {
      kind
      jobs
      items
    }
  }
}
    fragment RunRow on Run {
  id
  kind
  action
  state
  isOver
  source
  destination
  retryOf
  createdAt
  endedAt
  error
  waiting {
    for
    why
    since
  }
  counts {
    scanned
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
    proofSourceChecksum
    proofTransitChecksum
    proofRecomputedEtag
    proofReadBack
    proofEqualEtags
    proofNone
    requestsGet
    requestsPut
    requestsList
    requestsHead
    requestsDelete
    requestsOther
    retries
    extra
    matched
    undetermined
    differs
    missing
    requestsLook
  }
}`) as unknown as TypedDocumentString<RunProgressSubscription, RunProgressSubscriptionVariables>;