// Runs: how they are found, listed and watched.
#include "api/connection.h"
#include "api/resolvers.h"
#include "api/values.h"

namespace dth::api {
namespace {

using graphql::Resolved;
using graphql::ResolveInfo;

constexpr std::string_view run_list = "run";
// Fields that ask the state for each object.
constexpr graphql::FieldCost asks_the_state{.weight = 10};

Resolved run_object(RunView view) {
  return Resolved::object(std::make_shared<const RunView>(std::move(view)), "Run");
}

Async<Result<Resolved>> find_run(RunReader* runs, std::string id, ResolveInfo info) {
  auto view = co_await runs->find(std::move(id), client_of(info));
  if (view.has_value()) co_return run_object(std::move(*view));
  if (view.error().code == ErrorCode::not_found) co_return Resolved();
  co_return view.error();
}

Async<Result<Resolved>> resolve_runs(RunReader* runs, ResolveInfo info) {
  auto request = page_request(info, run_list);
  if (request.has_error()) co_return request.error();
  auto views = co_await runs->list(request->after, request->first + 1, client_of(info));
  if (views.has_error()) co_return views.error();
  std::vector<PageItem> items;
  for (RunView& view : *views) {
    std::string id = view.run.id;
    items.push_back({run_object(std::move(view)), std::move(id)});
  }
  co_return make_connection(*request, run_list, std::move(items));
}

}  // namespace

NodeKind run_node_kind(const ApiServices& services) {
  return {"run", [runs = &services.runs](std::string id, ResolveInfo info) {
            return find_run(runs, std::move(id), info);
          }};
}

void add_run_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  RunReader* runs = &services.runs;
  RunWatchers* watchers = &services.watchers;
  add_run_fields(resolvers, services);
  add_failure_resolvers(resolvers, services);
  add_connection_resolvers(resolvers, "Run");
  resolvers.async_field(
      "Query.run",
      [runs](ResolveInfo info) { return find_run(runs, text_argument(info, "id"), info); },
      asks_the_state);
  resolvers.async_field(
      "Query.runs", [runs](ResolveInfo info) { return resolve_runs(runs, info); }, asks_the_state);
  resolvers.subscription("Subscription.runProgress", [watchers](ResolveInfo info) {
    return watchers->watch(text_argument(info, "id"), client_of(info));
  });
}

}  // namespace dth::api
