#pragma once

#include <span>
#include <string>

#include "api/idempotency.h"
#include "api/node.h"
#include "api/principal.h"
#include "api/run_reader.h"
#include "api/run_sampler.h"
#include "api/run_watchers.h"
#include "api/setting_view.h"
#include "base/clock.h"
#include "control/endpoints/endpoint_lane.h"
#include "control/endpoints/endpoint_service.h"
#include "control/tasks/task_service.h"
#include "control/vault/credential_service.h"
#include "engine/plugin.h"
#include "graphql/engine.h"
#include "runs/run_control.h"
#include "state/control/audit_log.h"

namespace dth::api {

class IdentityService;

// What the API tells of. All must outlive the engine made of it.
struct ApiServices {
  std::string version;
  std::string data_directory;
  std::string state_path;
  TimePoint started_at{};
  std::span<engine::Plugin* const> plugins;
  RunReader& runs;
  RunWatchers& watchers;
  runs::RunControl& run_control;
  Idempotency& idempotency;
  RunSampler& sampler;
  IdentityService& identity;
  Clock& clock;
  control::CredentialService* credentials = nullptr;  // null: the hub has no vault
  control::EndpointService* endpoints = nullptr;      // null: the hub knows no kinds of store
  control::EndpointLane* endpoint_lane = nullptr;     // null: endpoints are not looked at
  control::TaskService* tasks = nullptr;              // null: the hub has no tasks
  std::vector<SettingView> settings = {};
};

// How the fields of schema.graphql get their values.
graphql::Resolvers make_resolvers(const ApiServices& services);

// Its parts, a source each.
void add_hub_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_plugin_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_sign_in_resolvers(graphql::Resolvers& resolvers, IdentityService& identity);
void add_user_resolvers(graphql::Resolvers& resolvers, IdentityService& identity);
void add_run_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_run_fields(graphql::Resolvers& resolvers, const ApiServices& services);
void add_progress_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_overview_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_failure_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_run_mutations(graphql::Resolvers& resolvers, const ApiServices& services);
void add_approval_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_worker_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_credential_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_endpoint_look_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_endpoint_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_settings_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_audit_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
NodeKind credential_node_kind(const ApiServices& services);
void add_task_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_task_mutations(graphql::Resolvers& resolvers, const ApiServices& services);
void add_task_document_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_task_policy_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_task_subscriptions(graphql::Resolvers& resolvers, const ApiServices& services);
void add_schedule_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
NodeKind task_node_kind(const ApiServices& services);
graphql::Resolved task_object(state::StoredTask task);
NodeKind endpoint_node_kind(const ApiServices& services);
NodeKind audit_node_kind(const ApiServices& services);
NodeKind run_node_kind(const ApiServices& services);
NodeKind worker_node_kind(const ApiServices& services);
graphql::Resolved run_object(RunView view);
// What a mutation of a run answers when it is sent again: the run as it is now.
Async<Result<graphql::Resolved>> replay_run(RunReader* runs, std::string client, std::string id);
graphql::Resolved endpoint_object(state::StoredEndpoint endpoint);

// An option as the type PluginOption has it.
boost::json::object option_object(const options::Option& option);

// The engine of schema.graphql with these resolvers. Throws std::logic_error where they do not fit:
// a bug.
std::unique_ptr<graphql::Engine> make_api_engine(const ApiServices& services,
                                                 graphql::EngineOptions options);

}  // namespace dth::api
