#include "graphql/fixture.h"

#include <limits>

#include <boost/asio/post.hpp>

namespace dth::graphql::tests {
namespace {

namespace json = boost::json;

// What a member of the data means.
Result<Resolved> interpret(const json::value& value, const json::object& arguments,
                           const json::object& table) {
  if (const auto* object = value.if_object()) {
    if (const auto* name = object->if_contains("$ref"))
      return Resolved::borrow(&table.at(name->as_string()));
    if (const auto* text = object->if_contains("$error")) {
      return Error{ErrorCode::unavailable, std::string(text->as_string()), ""};
    }
    if (object->contains("$args")) return Resolved(write_json(json::value(arguments)));
  }
  if (const auto* array = value.if_array()) {
    std::vector<Resolved> list;
    for (const auto& item : *array) {
      auto resolved = interpret(item, arguments, table);
      if (!resolved) return resolved;
      list.push_back(std::move(*resolved));
    }
    return Resolved(std::move(list));
  }
  return Resolved::borrow(&value);
}

Result<Resolved> resolve(const ResolveInfo& info, const json::object& table) {
  const auto* parent = info.parent.json();
  if (parent == nullptr || !parent->is_object()) return Resolved();
  const json::object* members = &parent->get_object();
  if (const auto* name = members->if_contains("$ref"))
    members = &table.at(name->as_string()).as_object();
  const auto* member = members->if_contains(info.field.name);
  return member != nullptr ? interpret(*member, info.arguments, table)
                           : Result<Resolved>(Resolved());
}

Async<Result<Resolved>> resolve_later(ResolveInfo info, const json::object* table) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  co_await boost::asio::post(executor, use_async);
  co_return resolve(info, *table);
}

// There are no events to compare.
Async<Result<std::unique_ptr<EventStream>>> no_events(ResolveInfo) {
  co_return Error{ErrorCode::unsupported, "no events here", ""};
}

}  // namespace

std::unique_ptr<Engine> make_engine(const Schema& schema, const std::string& sdl,
                                    const json::object* table, bool is_async) {
  EngineOptions options{.sdl = sdl};
  options.limits.cost_max = std::numeric_limits<std::uint64_t>::max();
  options.limits.aliases_max = 10'000;
  bool waits = false;
  for (const auto& type : schema.types()) {
    if (type->kind != TypeKind::object || type->is_builtin) continue;
    for (const auto& field : type->fields) {
      const std::string coordinate = type->name + "." + field.name;
      waits = !waits;
      if (type.get() == schema.subscription()) {
        options.resolvers.subscription(coordinate, no_events);
      } else if (is_async && waits) {
        options.resolvers.async_field(
            coordinate, [table](ResolveInfo info) { return resolve_later(info, table); });
      } else {
        options.resolvers.field(coordinate,
                                [table](const ResolveInfo& info) { return resolve(info, *table); });
      }
    }
  }
  auto build = Engine::create(std::move(options));
  if (!build.engine) throw std::runtime_error(build.errors.front());
  return std::move(build.engine);
}

Resolved root_value(std::string_view name) { return json::value(json::object{{"$ref", name}}); }

}  // namespace dth::graphql::tests
