#include "api/connection.h"

#include <charconv>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/json_writer.h"

namespace dth::api {

using graphql::Resolved;
using graphql::ResolveInfo;
using graphql::Resolvers;

namespace {

struct Edge {
  std::string cursor;
  Resolved node;
};

struct Connection {
  std::vector<std::shared_ptr<const Edge>> edges;
  bool has_previous_page = false;
  bool has_next_page = false;
  std::string end_cursor;  // empty: there is none
  TotalCount total;
};

Async<Result<Resolved>> resolve_total(ResolveInfo info) {
  const auto& total = info.parent_as<Connection>().total;
  if (!total) co_return Resolved();
  co_return co_await total(info);
}

}  // namespace

std::string make_cursor(std::string_view kind, std::string_view position) {
  return base64_encode(as_bytes(std::string(kind) + ":" + std::string(position)));
}

Error bad_cursor() {
  return {ErrorCode::invalid_argument,
          "\"after\" is not a cursor of this list with this filter and order. Pass the endCursor "
          "of the "
          "previous page.",
          ""};
}

std::string position_text(std::int64_t first, std::int64_t second) {
  return std::to_string(first) + "," + std::to_string(second);
}

std::optional<std::pair<std::int64_t, std::int64_t>> parse_position(std::string_view text) {
  std::pair<std::int64_t, std::int64_t> position;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, position.first);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ',') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, position.second);
  if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
  return position;
}

std::string list_kind(std::string_view kind, const ResolveInfo& info) {
  boost::json::object shape;
  for (const char* name : {"filter", "orderBy"}) {
    const auto* value = info.arguments.if_contains(name);
    if (value != nullptr && !value->is_null()) shape[name] = *value;
  }
  if (shape.empty()) return std::string(kind);
  const std::string text = write_json(shape);
  return std::string(kind) + "-" + hash(HashAlgorithm::sha256, as_bytes(text)).hex().substr(0, 16);
}

const boost::json::object& object_argument(const boost::json::object& arguments,
                                           std::string_view name) {
  static const boost::json::object none;
  const auto* value = arguments.if_contains(name);
  return value == nullptr || !value->is_object() ? none : value->get_object();
}

Result<PageRequest> page_request(const ResolveInfo& info, std::string_view kind,
                                 std::int64_t items_max) {
  PageRequest request;
  const std::int64_t first = info.arguments.at("first").to_number<std::int64_t>();
  if (first < 1 || first > items_max) {
    return Error{ErrorCode::invalid_argument,
                 "\"first\" is " + std::to_string(first) + ": give a number from 1 to " +
                     std::to_string(items_max),
                 ""};
  }
  request.first = static_cast<std::size_t>(first);
  const auto* after = info.arguments.if_contains("after");
  if (after == nullptr || after->is_null()) return request;
  const auto decoded = base64_decode(std::string_view(after->as_string()));
  if (!decoded || decoded->size() <= kind.size() + 1 || !decoded->starts_with(kind) ||
      (*decoded)[kind.size()] != ':')
    return bad_cursor();
  request.after = decoded->substr(kind.size() + 1);
  return request;
}

Resolved make_connection(const PageRequest& request, std::string_view kind,
                         std::vector<PageItem> items, TotalCount total,
                         const std::string& stopped_at) {
  auto connection = std::make_shared<Connection>();
  connection->total = std::move(total);
  connection->has_previous_page = !request.after.empty();
  connection->has_next_page = items.size() > request.first;
  if (connection->has_next_page) items.resize(request.first);
  for (PageItem& item : items) {
    connection->edges.push_back(
        std::make_shared<const Edge>(Edge{make_cursor(kind, item.position), std::move(item.node)}));
  }
  if (!connection->edges.empty()) connection->end_cursor = connection->edges.back()->cursor;
  if (!connection->has_next_page && !stopped_at.empty()) {
    connection->has_next_page = true;
    connection->end_cursor = make_cursor(kind, stopped_at);
  }
  return Resolved::object(std::shared_ptr<const Connection>(std::move(connection)));
}

void add_connection_resolvers(Resolvers& resolvers, const std::string& node) {
  resolvers.field(node + "Connection.edges", [](const ResolveInfo& info) -> Result<Resolved> {
    std::vector<Resolved> edges;
    for (const auto& edge : info.parent_as<Connection>().edges)
      edges.push_back(Resolved::object(edge));
    return Resolved(std::move(edges));
  });
  resolvers.field(node + "Connection.nodes", [](const ResolveInfo& info) -> Result<Resolved> {
    std::vector<Resolved> nodes;
    for (const auto& edge : info.parent_as<Connection>().edges) nodes.push_back(edge->node);
    return Resolved(std::move(nodes));
  });
  resolvers.field(node + "Connection.pageInfo", [](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(info.parent);
  });
  resolvers.async_field(node + "Connection.totalCount",
                        [](ResolveInfo info) { return resolve_total(info); }, {.weight = 10});
  resolvers.field(node + "Edge.cursor", [](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(info.parent_as<Edge>().cursor);
  });
  resolvers.field(node + "Edge.node", [](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(info.parent_as<Edge>().node);
  });
}

void add_page_info_resolvers(Resolvers& resolvers) {
  resolvers.field("PageInfo.hasNextPage", [](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(info.parent_as<Connection>().has_next_page);
  });
  resolvers.field("PageInfo.hasPreviousPage", [](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(info.parent_as<Connection>().has_previous_page);
  });
  resolvers.field("PageInfo.startCursor", [](const ResolveInfo& info) -> Result<Resolved> {
    const auto& edges = info.parent_as<Connection>().edges;
    return edges.empty() ? Resolved() : Resolved(edges.front()->cursor);
  });
  resolvers.field("PageInfo.endCursor", [](const ResolveInfo& info) -> Result<Resolved> {
    const std::string& cursor = info.parent_as<Connection>().end_cursor;
    return cursor.empty() ? Resolved() : Resolved(cursor);
  });
}

}  // namespace dth::api
