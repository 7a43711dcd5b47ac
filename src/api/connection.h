#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
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
Result<PageRequest> page_request(const graphql::ResolveInfo& info, std::string_view kind,
                                 std::int64_t items_max = page_items_max);

// What is answered where `after` is not a cursor of the list.
Error bad_cursor();

// A position that is two numbers, as a cursor holds it, and back; nothing for what is not one.
std::string position_text(std::int64_t first, std::int64_t second);
std::optional<std::pair<std::int64_t, std::int64_t>> parse_position(std::string_view text);

// The cursor of a position in the list.
std::string make_cursor(std::string_view kind, std::string_view position);

struct PageItem {
  graphql::Resolved node;
  std::string position;  // what its cursor stands for
};

// How many items the whole list has: a resolver's answer to totalCount. It is asked only where a
// client wants it.
using TotalCount = std::function<Async<Result<graphql::Resolved>>(graphql::ResolveInfo info)>;

// A connection of the items. One more than `first` of them means that there is a next page: that
// one is left off. Without `total`, totalCount is null. `stopped_at`: the position behind which a
// next page goes on, where the list was left before there were that many items; empty: there is
// none.
graphql::Resolved make_connection(const PageRequest& request, std::string_view kind,
                                  std::vector<PageItem> items, TotalCount total = {},
                                  const std::string& stopped_at = {});

// Names a list with these arguments, so that its cursors are refused with others: "run" with a
// digest of `filter` and `orderBy`.
std::string list_kind(std::string_view kind, const graphql::ResolveInfo& info);

// The object that an argument is; an empty one where it was not given.
const boost::json::object& object_argument(const boost::json::object& arguments,
                                           std::string_view name);

// The resolvers of Connection (with totalCount), Edge and PageInfo types; `node` is what is listed:
// "Run".
void add_connection_resolvers(graphql::Resolvers& resolvers, const std::string& node);
void add_page_info_resolvers(graphql::Resolvers& resolvers);

}  // namespace dth::api
