// Runs: how they are found, listed and watched.
#include "api/connection.h"
#include "api/resolvers.h"
#include "api/run_filter.h"
#include "api/values.h"

namespace dth::api {
namespace {

using graphql::Resolved;
using graphql::ResolveInfo;

constexpr std::string_view run_list = "run";
// Fields that ask the state for each object.
constexpr graphql::FieldCost asks_the_state{.weight = 10};

Async<Result<Resolved>> find_run(RunReader* runs, std::string id, ResolveInfo info) {
  auto view = co_await runs->find(std::move(id), client_of(info));
  if (view.has_value()) co_return run_object(std::move(*view));
  if (view.error().code == ErrorCode::not_found) co_return Resolved();
  co_return view.error();
}

Async<Result<Resolved>> count_runs(RunReader* runs,
                                   std::shared_ptr<const runs::RunListFilter> filter,
                                   ResolveInfo info) {
  auto count = co_await runs->count(std::move(filter), client_of(info));
  if (count.has_error()) co_return count.error();
  co_return *count ? Resolved(boost::json::value(**count)) : Resolved();
}

Async<Result<Resolved>> resolve_runs(RunReader* runs, ResolveInfo info) {
  const std::string kind = list_kind(run_list, info);
  auto request = page_request(info, kind);
  if (request.has_error()) co_return request.error();
  std::optional<state::RunPosition> after;
  if (!request->after.empty()) {
    const auto position = parse_position(request->after);
    if (!position) co_return bad_cursor();
    after = state::RunPosition{position->first, position->second};
  }
  const auto& asked = object_argument(info.arguments, "filter");
  if (auto fit = check_lengths(asked); fit.has_error()) co_return fit.error();
  const auto filter = std::make_shared<const runs::RunListFilter>(run_filter(asked));
  const state::RunOrder order = run_order(object_argument(info.arguments, "orderBy"));
  auto page = co_await runs->page(filter, order, after, request->first + 1, client_of(info));
  if (page.has_error()) co_return page.error();
  std::vector<PageItem> items;
  for (runs::RunListItem& item : page->items) {
    std::string position = position_text(item.position.ended, item.position.number);
    items.push_back({run_object(std::move(item.view)), std::move(position)});
  }
  std::string stopped_at;
  if (page->stopped_at)
    stopped_at = position_text(page->stopped_at->ended, page->stopped_at->number);
  TotalCount total = [runs, filter](ResolveInfo of) { return count_runs(runs, filter, of); };
  co_return make_connection(*request, kind, std::move(items), std::move(total), stopped_at);
}

}  // namespace

Resolved run_object(RunView view) {
  return Resolved::object(std::make_shared<const RunView>(std::move(view)), "Run");
}

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
