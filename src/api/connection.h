#pragma once

#include <functional>
#include <string>
#include <vector>

#include "graphql/execution/resolvers.h"

namespace dth::api {

// Lists by pages, as GraphQL's connections are (https://relay.dev/graphql/connections.htm):
// forwards only.

constexpr std::int64_t page_items_max = 500;

struct PageRequest {
  std::size_t first = 0;
  std::string after = {};  // what the cursor stands for; empty: from the beginning
};

// The arguments `first` and `after`; `kind` tells cursors of one list from those of others.
// invalid_argument says what is wrong with them.
Result<PageRequest> page_request(const graphql::ResolveInfo& info, std::string_view kind);

struct PageItem {
  graphql::Resolved node;
  std::string position;  // what its cursor stands for
};

// A connection of the items. One more than `first` of them means that there is a next page: that
// one is left off.
graphql::Resolved make_connection(const PageRequest& request, std::string_view kind,
                                  std::vector<PageItem> items);

// The resolvers of Connection, Edge and PageInfo types; `node` is what is listed: "Run".
void add_connection_resolvers(graphql::Resolvers& resolvers, const std::string& node);
void add_page_info_resolvers(graphql::Resolvers& resolvers);

}  // namespace dth::api
