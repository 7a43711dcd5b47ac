#include "api/resolvers.h"

#include "api/connection.h"
#include "api/role_guard.h"
#include "api/scalars.h"
#include "api/schema_sdl.h"
#include "api/user_errors.h"

namespace dth::api {

using graphql::Resolved;
using graphql::ResolveInfo;

graphql::Resolvers make_resolvers(const ApiServices& services) {
  graphql::Resolvers resolvers;
  add_hub_resolvers(resolvers, services);
  add_plugin_resolvers(resolvers, services);
  add_run_resolvers(resolvers, services);
  add_sign_in_resolvers(resolvers, services.identity);
  add_user_resolvers(resolvers, services.identity);
  add_run_mutations(resolvers, services);
  add_approval_resolvers(resolvers, services);
  add_progress_resolvers(resolvers, services);
  add_overview_resolvers(resolvers, services);
  add_worker_resolvers(resolvers, services);
  add_credential_resolvers(resolvers, services);
  add_endpoint_resolvers(resolvers, services);
  add_endpoint_look_resolvers(resolvers, services);
  add_task_resolvers(resolvers, services);
  add_task_mutations(resolvers, services);
  add_task_document_resolvers(resolvers, services);
  add_task_policy_resolvers(resolvers, services);
  add_task_subscriptions(resolvers, services);
  add_schedule_resolvers(resolvers, services);
  add_audit_resolvers(resolvers, services);
  add_settings_resolvers(resolvers, services);
  add_page_info_resolvers(resolvers);
  add_user_error_resolvers(resolvers);
  add_node_resolver(resolvers, {run_node_kind(services), worker_node_kind(services),
                                credential_node_kind(services), endpoint_node_kind(services),
                                task_node_kind(services), audit_node_kind(services)});
  return resolvers;
}

std::unique_ptr<graphql::Engine> make_api_engine(const ApiServices& services,
                                                 graphql::EngineOptions options) {
  options.sdl = std::string(schema_sdl);
  options.schema = scalar_rules();
  options.resolvers = make_resolvers(services);
  options.guard = std::make_shared<RoleGuard>();
  auto build = graphql::Engine::create(std::move(options));
  if (build.engine) return std::move(build.engine);
  std::string faults;
  for (const std::string& fault : build.errors) faults += "\n" + fault;
  throw std::logic_error("the API's schema and resolvers do not fit:" + faults);
}

}  // namespace dth::api
