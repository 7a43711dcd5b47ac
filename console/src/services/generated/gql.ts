/* eslint-disable */
import * as types from './graphql';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Hub {\n  hub {\n    version\n    startedAt\n    host {\n      dataDirectory\n      stateFile\n    }\n  }\n}": typeof types.HubDocument,
    "fragment RunRow on Run {\n  id\n  kind\n  action\n  state\n  isOver\n  source\n  destination\n  retryOf\n  createdAt\n  endedAt\n  error\n  waiting {\n    for\n    why\n    since\n  }\n  counts {\n    listed\n    selected\n    copied\n    unchanged\n    skipped\n    deletedAtSource\n    failed\n    deleted\n    bytes\n  }\n  counters {\n    name\n    unit\n    value\n  }\n}\n\nquery Runs($first: Int!, $after: String) {\n  runs(first: $first, after: $after) {\n    nodes {\n      ...RunRow\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Run($id: ID!) {\n  run(id: $id) {\n    ...RunRow\n    options {\n      name\n      value\n    }\n    backlog {\n      kind\n      jobs\n      items\n    }\n  }\n}\n\nquery Failures($id: ID!, $first: Int!, $after: String) {\n  run(id: $id) {\n    id\n    failures(first: $first, after: $after) {\n      nodes {\n        key\n        versionId\n        size\n        code\n        reason\n        message\n        detail\n        attempts\n        at\n        step\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}\n\nsubscription RunProgress($id: ID!) {\n  runProgress(id: $id) {\n    ...RunRow\n    backlog {\n      kind\n      jobs\n      items\n    }\n  }\n}": typeof types.RunRowFragmentDoc,
};
const documents: Documents = {
    "query Hub {\n  hub {\n    version\n    startedAt\n    host {\n      dataDirectory\n      stateFile\n    }\n  }\n}": types.HubDocument,
    "fragment RunRow on Run {\n  id\n  kind\n  action\n  state\n  isOver\n  source\n  destination\n  retryOf\n  createdAt\n  endedAt\n  error\n  waiting {\n    for\n    why\n    since\n  }\n  counts {\n    listed\n    selected\n    copied\n    unchanged\n    skipped\n    deletedAtSource\n    failed\n    deleted\n    bytes\n  }\n  counters {\n    name\n    unit\n    value\n  }\n}\n\nquery Runs($first: Int!, $after: String) {\n  runs(first: $first, after: $after) {\n    nodes {\n      ...RunRow\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Run($id: ID!) {\n  run(id: $id) {\n    ...RunRow\n    options {\n      name\n      value\n    }\n    backlog {\n      kind\n      jobs\n      items\n    }\n  }\n}\n\nquery Failures($id: ID!, $first: Int!, $after: String) {\n  run(id: $id) {\n    id\n    failures(first: $first, after: $after) {\n      nodes {\n        key\n        versionId\n        size\n        code\n        reason\n        message\n        detail\n        attempts\n        at\n        step\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}\n\nsubscription RunProgress($id: ID!) {\n  runProgress(id: $id) {\n    ...RunRow\n    backlog {\n      kind\n      jobs\n      items\n    }\n  }\n}": types.RunRowFragmentDoc,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Hub {\n  hub {\n    version\n    startedAt\n    host {\n      dataDirectory\n      stateFile\n    }\n  }\n}"): typeof import('./graphql').HubDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment RunRow on Run {\n  id\n  kind\n  action\n  state\n  isOver\n  source\n  destination\n  retryOf\n  createdAt\n  endedAt\n  error\n  waiting {\n    for\n    why\n    since\n  }\n  counts {\n    listed\n    selected\n    copied\n    unchanged\n    skipped\n    deletedAtSource\n    failed\n    deleted\n    bytes\n  }\n  counters {\n    name\n    unit\n    value\n  }\n}\n\nquery Runs($first: Int!, $after: String) {\n  runs(first: $first, after: $after) {\n    nodes {\n      ...RunRow\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Run($id: ID!) {\n  run(id: $id) {\n    ...RunRow\n    options {\n      name\n      value\n    }\n    backlog {\n      kind\n      jobs\n      items\n    }\n  }\n}\n\nquery Failures($id: ID!, $first: Int!, $after: String) {\n  run(id: $id) {\n    id\n    failures(first: $first, after: $after) {\n      nodes {\n        key\n        versionId\n        size\n        code\n        reason\n        message\n        detail\n        attempts\n        at\n        step\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}\n\nsubscription RunProgress($id: ID!) {\n  runProgress(id: $id) {\n    ...RunRow\n    backlog {\n      kind\n      jobs\n      items\n    }\n  }\n}"): typeof import('./graphql').RunRowFragmentDoc;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
