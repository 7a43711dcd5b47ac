/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What a task does. */
export type Action =
  /** Copies what is missing or changed at the destination. */
  | 'COPY'
  /** Copies, then deletes what only the destination has. */
  | 'SYNC'
  /** Checks that the destination has what the source has. */
  | 'VERIFY';

/** The unit of a counter. */
export type CounterUnit =
  /** Bytes. */
  | 'BYTES'
  /** Items: objects or images. */
  | 'ITEMS'
  /** Requests to a store. */
  | 'REQUESTS';

/** The kind of a failure. */
export type FailureCode =
  /** The thing exists and must not. */
  | 'ALREADY_EXISTS'
  /** The work was stopped. */
  | 'CANCELLED'
  /** The bytes are not what they should be. */
  | 'DATA_CORRUPTED'
  /** A bug, here or there. */
  | 'INTERNAL'
  /** The store refuses the request as wrong. */
  | 'INVALID_ARGUMENT'
  /** The thing does not exist. */
  | 'NOT_FOUND'
  /** The credential does not permit this. */
  | 'PERMISSION_DENIED'
  /** The thing changed meanwhile. */
  | 'PRECONDITION_FAILED'
  /** The store asks for fewer requests. */
  | 'THROTTLED'
  /** A deadline passed. */
  | 'TIMEOUT'
  /** The store does not accept the credential. */
  | 'UNAUTHENTICATED'
  /** The store, or the way to it, does not work. */
  | 'UNAVAILABLE'
  /** The store cannot do it. */
  | 'UNSUPPORTED';

/** What exactly is the matter with a failed item. New values are added with new versions. */
export type FailureReason =
  /** The store refuses an optional feature of the request. */
  | 'AID_REFUSED'
  /** The request went out and no answer came. It may have been carried out. */
  | 'ANSWER_LOST'
  /** There is no such bucket. */
  | 'BUCKET_MISSING'
  /** The bucket exists and has the same owner. */
  | 'BUCKET_OWNED'
  /** The destination has no space left, or a quota is used up. */
  | 'DESTINATION_FULL'
  /** The object is larger than the file system allows. */
  | 'FILE_TOO_LARGE'
  /** The answer is not the store's own, but that of a proxy or a portal. */
  | 'FOREIGN_ANSWER'
  /** A header of the answer has a name that no header may have. */
  | 'HEADER_NAME'
  /** The store lists the object and answers that it does not exist. */
  | 'LISTED_BUT_MISSING'
  /** The destination would keep the object under another name. */
  | 'NAME_NOT_KEPT'
  /** The object is archived. It has to be restored before it can be read. */
  | 'OBJECT_ARCHIVED'
  /** The store has no such object. */
  | 'OBJECT_MISSING'
  /** A part of the multipart upload is not there. */
  | 'PART_MISSING'
  /** The archived object is being restored. */
  | 'RESTORE_IN_PROGRESS'
  /** The hub's state cannot grow: its disk is full. */
  | 'STATE_FULL'
  /** The hub's state cannot be reached. */
  | 'STATE_UNREACHABLE'
  /** The answer was 404, without the store's word that the object is missing. */
  | 'UNCONFIRMED_ABSENCE'
  /** No connection is possible. */
  | 'UNREACHABLE'
  /** The multipart upload is not there: it was completed, aborted or never begun. */
  | 'UPLOAD_MISSING'
  /** The store has no such version of the object. */
  | 'VERSION_MISSING';

/** How a run stands. */
export type RunState =
  /** The run ended because it was cancelled. */
  | 'CANCELLED'
  /** Somebody cancelled it. Work in flight ends, and incomplete uploads are aborted. */
  | 'CANCELLING'
  /** The run ended, and some items failed or could not be verified. */
  | 'COMPLETED_WITH_FAILURES'
  /** The run could not be completed: see `error`. */
  | 'FAILED'
  /** The run has begun, and no worker that may execute it is alive. */
  | 'INTERRUPTED'
  /** Somebody paused it. It continues when it is resumed. */
  | 'PAUSED'
  /** The run has not begun. */
  | 'QUEUED'
  /** A worker executes it. */
  | 'RUNNING'
  /** Every item was dealt with. */
  | 'SUCCEEDED'
  /** The run continues by itself when something outside is put right: see `waiting`. */
  | 'WAITING';

/** What has to be put right before a run continues. */
export type WaitingFor =
  /** A store refuses the credential. */
  | 'CREDENTIAL'
  /** The destination is full. */
  | 'SPACE'
  /** A store cannot be reached or used. */
  | 'STORE';

export type HubQueryVariables = Exact<{ [key: string]: never; }>;


export type HubQuery = { hub: { version: string, startedAt: string, host: { dataDirectory: string, stateFile: string } | null } };

export type RunRowFragment = { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }> };

export type RunsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type RunsQuery = { runs: { nodes: Array<{ id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type RunQueryVariables = Exact<{
  id: string | number;
}>;


export type RunQuery = { run: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, options: Array<{ name: string, value: string }>, backlog: Array<{ kind: string, jobs: string, items: string }>, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }> } | null };

export type FailuresQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type FailuresQuery = { run: { id: string, failures: { nodes: Array<{ key: string, versionId: string | null, size: string, code: FailureCode, reason: FailureReason | null, message: string, detail: string | null, attempts: number, at: string, step: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type RunProgressSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type RunProgressSubscription = { runProgress: { id: string, kind: string, action: Action, state: RunState, isOver: boolean, source: string | null, destination: string | null, retryOf: string | null, createdAt: string, endedAt: string | null, error: string | null, backlog: Array<{ kind: string, jobs: string, items: string }>, waiting: { for: WaitingFor, why: string, since: string } | null, counts: { listed: string, selected: string, copied: string, unchanged: string, skipped: string, deletedAtSource: string, failed: string, deleted: string, bytes: string }, counters: Array<{ name: string, unit: CounterUnit, value: string }> } };

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
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
}
    `, {"fragmentName":"RunRow"}) as unknown as TypedDocumentString<RunRowFragment, unknown>;
export const HubDocument = new TypedDocumentString(`
    query Hub {
  hub {
    version
    startedAt
    host {
      dataDirectory
      stateFile
    }
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
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
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
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
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
        reason
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
    listed
    selected
    copied
    unchanged
    skipped
    deletedAtSource
    failed
    deleted
    bytes
  }
  counters {
    name
    unit
    value
  }
}`) as unknown as TypedDocumentString<RunProgressSubscription, RunProgressSubscriptionVariables>;