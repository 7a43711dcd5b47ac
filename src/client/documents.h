#pragma once

#include <span>
#include <string_view>

namespace dth::client {

// May a request be sent again whose answer was lost?
enum class Repeats {
  yes,       // it changes nothing
  with_key,  // its input has an idempotency key
  no,
};

// What the command line asks a hub. All of them are checked against the schema by a test.
struct Document {
  std::string_view root;  // its one root field
  std::string_view text;
  Repeats repeats = Repeats::yes;
};

// Each folder of commands has its documents in one source.
namespace documents {

// documents.cc: who somebody is, runs and workers
extern const Document hub, viewer, sign_in, sign_out, first_administrator;
extern const Document runs, run, failures, pause_run, resume_run, cancel_run, retry_run;
extern const Document workers, drain_worker;
// admin_documents.cc: users, tokens, credentials, audit
extern const Document users, create_user, update_user, delete_user, reset_password;
extern const Document api_tokens, create_api_token, revoke_api_token;
extern const Document credentials, credential, credential_kinds, create_credential,
    update_credential, rotate_credential, delete_credential;
extern const Document audit_events, settings;
// endpoint_documents.cc
extern const Document endpoints, endpoint, endpoint_templates, create_endpoint, update_endpoint,
    delete_endpoint, test_endpoint, browse;
// task_documents.cc
extern const Document tasks, task, task_document, apply_task, run_tasks, pause_tasks, resume_tasks,
    archive_tasks, delete_tasks;

}  // namespace documents

// All of them.
std::span<const Document* const> all_documents();

}  // namespace dth::client
