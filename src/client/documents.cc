#include "client/documents.h"

namespace dth::client {
namespace documents {

#define RUN_FIELDS                                                                    \
  "id kind action state source destination options { name value } retryOf createdAt " \
  "endedAt error waiting { for why since } counters { name value } "

const Document hub = {"hub", "query { hub { version now } }"};
const Document viewer = {
    "viewer", "query { viewer { role tokenName tokenId scope user { id name email role } } }"};
const Document sign_in = {
    "signIn",
    "mutation($input: SignInInput!) { signIn(input: $input) { user { id name email role } "
    "userErrors { field message code } } }",
    Repeats::no};
const Document sign_out = {"signOut", "mutation { signOut { userErrors { field message code } } }",
                           Repeats::no};
const Document first_administrator = {
    "createFirstAdministrator",
    "mutation($input: CreateFirstAdministratorInput!) { createFirstAdministrator(input: $input) { "
    "user { id name email role } userErrors { field message code } } }",
    Repeats::no};

const Document runs = {
    "runs",
    "query($first: Int!, $after: String, $filter: RunFilter) { runs(first: $first, after: $after, "
    "filter: $filter) { nodes { " RUN_FIELDS "} pageInfo { hasNextPage endCursor } } }"};
const Document run = {
    "run", "query($id: ID!) { run(id: $id) { " RUN_FIELDS "backlog { kind jobs items } } }"};
const Document failures = {
    "run",
    "query($id: ID!, $first: Int!, $after: String) { run(id: $id) { failures(first: $first, after: "
    "$after) { nodes { key versionId size code reason message detail attempts at step } pageInfo { "
    "hasNextPage endCursor } } } }"};

#define RUN_MUTATION(name, type)                                              \
  "mutation($input: " type "!) { " name "(input: $input) { run { " RUN_FIELDS \
  "} userErrors { field message code } } }"
const Document pause_run = {"pauseRun", RUN_MUTATION("pauseRun", "PauseRunInput"),
                            Repeats::with_key};
const Document resume_run = {"resumeRun", RUN_MUTATION("resumeRun", "ResumeRunInput"),
                             Repeats::with_key};
const Document cancel_run = {"cancelRun", RUN_MUTATION("cancelRun", "CancelRunInput"),
                             Repeats::with_key};
const Document retry_run = {"retryRun", RUN_MUTATION("retryRun", "RetryRunInput"),
                            Repeats::with_key};
#undef RUN_MUTATION
#undef RUN_FIELDS

const Document workers = {
    "workers",
    "query($first: Int!, $after: String) { workers(first: $first, after: $after) { nodes { id name "
    "state version labels takesAnyRun startedAt lastSeenAt jobs embedded } pageInfo { hasNextPage "
    "endCursor } } }"};
const Document drain_worker = {
    "drainWorker",
    "mutation($input: DrainWorkerInput!) { drainWorker(input: $input) { worker { id } userErrors { "
    "field message code } } }",
    Repeats::with_key};

}  // namespace documents

std::span<const Document* const> all_documents() {
  namespace d = documents;
  static const Document* const all[] = {&d::hub,
                                        &d::viewer,
                                        &d::sign_in,
                                        &d::sign_out,
                                        &d::first_administrator,
                                        &d::runs,
                                        &d::run,
                                        &d::failures,
                                        &d::pause_run,
                                        &d::resume_run,
                                        &d::cancel_run,
                                        &d::retry_run,
                                        &d::workers,
                                        &d::drain_worker,
                                        &d::users,
                                        &d::create_user,
                                        &d::update_user,
                                        &d::delete_user,
                                        &d::reset_password,
                                        &d::api_tokens,
                                        &d::create_api_token,
                                        &d::revoke_api_token,
                                        &d::credentials,
                                        &d::credential,
                                        &d::credential_kinds,
                                        &d::create_credential,
                                        &d::update_credential,
                                        &d::rotate_credential,
                                        &d::delete_credential,
                                        &d::audit_events,
                                        &d::settings,
                                        &d::endpoints,
                                        &d::endpoint,
                                        &d::endpoint_templates,
                                        &d::create_endpoint,
                                        &d::update_endpoint,
                                        &d::delete_endpoint,
                                        &d::test_endpoint,
                                        &d::browse,
                                        &d::tasks,
                                        &d::task,
                                        &d::task_document,
                                        &d::apply_task,
                                        &d::run_tasks,
                                        &d::pause_tasks,
                                        &d::resume_tasks,
                                        &d::archive_tasks,
                                        &d::delete_tasks};
  return all;
}

}  // namespace dth::client
