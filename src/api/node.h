#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/execution/resolvers.h"

namespace dth::api {

// One kind of thing that `node(id:)` finds, by the prefix of its ids ("run" for "run_...").
//
// find() answers the object with the name of its type (the second argument of Resolved::object()),
// or null where there is none or the caller may not see it: the two look the same.
struct NodeKind {
  std::string_view prefix;
  std::function<Async<Result<graphql::Resolved>>(std::string id, graphql::ResolveInfo info)> find;
};

// Query.node over these. An id of another form is null.
void add_node_resolver(graphql::Resolvers& resolvers, std::vector<NodeKind> kinds);

}  // namespace dth::api
