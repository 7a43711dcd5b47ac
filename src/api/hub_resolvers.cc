// What the hub says of itself.
#include <filesystem>

#include "api/resolvers.h"
#include "api/values.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;

// The name of the host's time zone, as /etc/localtime has it: "Europe/Berlin". UTC where it has
// none.
std::string host_zone() {
  std::error_code unknown;
  const std::string path = std::filesystem::read_symlink("/etc/localtime", unknown).string();
  constexpr std::string_view folder = "zoneinfo/";
  const std::size_t at = path.find(folder);
  return unknown || at == path.npos ? "UTC" : path.substr(at + folder.size());
}

Async<Result<Resolved>> resolve_state(StateReader* state, ResolveInfo info) {
  const auto work = [](state::State& of) { return of.control().state_facts().size(); };
  auto size = co_await state->read(client_of(info), work);
  if (size.has_error()) co_return size.error();
  json::object object;
  object["kind"] = size->kind == state::StateKind::sqlite ? "SQLITE" : "POSTGRESQL";
  object["bytes"] = size->bytes;
  co_return Resolved(json::value(std::move(object)));
}

}  // namespace

void add_hub_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  json::object hub;
  hub["version"] = services.version;
  hub["startedAt"] = format_time(services.started_at);
  hub["zone"] = host_zone();
  hub["host"] =
      json::object{{"dataDirectory", services.data_directory}, {"stateFile", services.state_path}};
  for (const char* type : {"Hub", "HubHost", "HubState"}) resolvers.json_object(type);
  resolvers.field("Query.hub",
                  [hub = std::make_shared<const json::value>(std::move(hub))](const ResolveInfo&)
                      -> Result<Resolved> { return Resolved::borrow(hub.get()); });
  resolvers.field("Hub.now", [clock = &services.clock](const ResolveInfo&) -> Result<Resolved> {
    return Resolved(format_time(clock->now()));
  });
  resolvers.async_field(
      "Hub.state",
      [state = &services.runs.state()](ResolveInfo info) { return resolve_state(state, info); },
      {.weight = 10});
}

}  // namespace dth::api
