#include "api/node.h"

#include <memory>

#include "api/values.h"

namespace dth::api {

using graphql::Resolved;
using graphql::ResolveInfo;

namespace {

using Kinds = std::shared_ptr<const std::vector<NodeKind>>;

Async<Result<Resolved>> resolve_node(Kinds kinds, ResolveInfo info) {
  std::string id = text_argument(info, "id");
  const std::string prefix = id.substr(0, id.find('_'));
  for (const NodeKind& kind : *kinds) {
    if (kind.prefix != prefix || prefix.size() == id.size()) continue;
    auto found = co_await kind.find(std::move(id), info);
    co_return found;
  }
  co_return Resolved();
}

}  // namespace

void add_node_resolver(graphql::Resolvers& resolvers, std::vector<NodeKind> kinds) {
  auto shared = std::make_shared<const std::vector<NodeKind>>(std::move(kinds));
  resolvers.async_field(
      "Query.node",
      [shared = Kinds(std::move(shared))](ResolveInfo info) { return resolve_node(shared, info); },
      {.weight = 10});
}

}  // namespace dth::api
