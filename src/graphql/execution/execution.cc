#include "graphql/execution/execution.h"

#include <exception>

namespace dth::graphql {

namespace json = boost::json;

namespace {

// What a place in the response takes until it is written: the node, the value, its share of its
// container.
constexpr std::size_t node_memory_bytes = sizeof(ResponseNode) + 2 * sizeof(json::key_value_pair);
// Of a resolved value that children refer to.
constexpr std::size_t parent_memory_bytes = sizeof(Resolved);

}  // namespace

const ResponseNode* Execution::new_node(ResponseNode node) {
  if (++nodes_ > request_.limits.response_nodes_max && fullness_ == Fullness::fits)
    fullness_ = Fullness::too_many_nodes;
  // A key with its quotes, colon and comma, or an item's comma.
  const std::size_t text = node.is_item ? 1 : node.key.size() + 4;
  count(text, node_memory_bytes + 2 * node.key.size());
  return new (arena_.allocate(sizeof(ResponseNode), alignof(ResponseNode))) ResponseNode(node);
}

// The tree is there while its text is made: both are in memory then.
void Execution::count(std::size_t text_bytes, std::size_t memory_bytes) {
  text_bytes_ += text_bytes;
  memory_bytes_ += memory_bytes + text_bytes;
  if (fullness_ != Fullness::fits) return;
  if (text_bytes_ > request_.limits.response_bytes_max) {
    fullness_ = Fullness::too_many_bytes;
  } else if (!memory_.grow_to(memory_bytes_)) {
    fullness_ = Fullness::no_memory;
  }
}

void Execution::count_value(const json::value& value) {
  switch (value.kind()) {
    case json::kind::string:
      count(value.get_string().size() + 2, value.get_string().size());
      break;
    case json::kind::array:
      for (const auto& item : value.get_array()) {
        count(1, sizeof(json::value));
        count_value(item);
      }
      break;
    case json::kind::object:
      for (const auto& member : value.get_object()) {
        count(member.key().size() + 4, sizeof(json::key_value_pair) + member.key().size());
        count_value(member.value());
      }
      break;
    default:
      count(8, 0);
  }
}

bool Execution::execute_fields(SelectionPlan& plan, const Resolved& parent,
                               const ResponseNode& at) {
  count(2, parent_memory_bytes);
  if (is_full()) return false;
  auto& object = at.slot->emplace_object();
  // With all keys in place, in order, no slot moves any more.
  object.reserve(plan.groups.size());
  for (const auto& group : plan.groups) object.emplace(group.key, nullptr);
  auto member = object.begin();
  for (auto& group : plan.groups) {
    const auto* node = new_node({.parent = &at,
                                 .key = group.key,
                                 .is_nullable = !group.field->type.is_non_null(),
                                 .slot = &(member++)->value()});
    if (!execute_field(plan, group, parent, *node)) return false;
  }
  return true;
}

Result<Resolved> Execution::call(const SyncResolver& resolver, const ResolveInfo& info,
                                 const ResponseNode& at) {
  try {
    return resolver(info);
  } catch (const std::exception& exception) {
    report_exception(at, exception.what());
  } catch (...) {
    report_exception(at, "an exception of an unknown type");
  }
  return Error{ErrorCode::internal,
               "Internal error: the field could not be resolved. Try again, and report it.", ""};
}

bool Execution::execute_field(const SelectionPlan& plan, FieldGroup& group, const Resolved& parent,
                              const ResponseNode& at) {
  if (is_full()) return false;
  const Field& field = *group.field;
  if (&field == &request_.schema.typename_field()) {
    *at.slot = plan.type->name;
    count_value(*at.slot);
    return !is_full();
  }
  if (&field == &request_.schema.schema_field()) {
    return complete(group, field.type, Resolved::object_at(&request_.schema), at);
  }
  const auto& arguments = arguments_of(group);
  if (!arguments) return fail(GraphqlError(arguments.error()), at);
  if (&field == &request_.schema.type_field()) {
    // As the resolvers of introspection have it: a TypeRef.
    const NamedType* type = request_.schema.type(arguments->at("name").get_string());
    if (type == nullptr) return complete(group, field.type, nullptr, at);
    return complete(group, field.type,
                    Resolved::object(std::make_shared<const TypeRef>(TypeRef{type, {}})), at);
  }
  const auto& resolver = request_.resolvers.at(field);
  if (resolver.is_guarded) {
    auto allowed = request_.resolvers.check(field, request_.context);
    if (allowed.has_error()) return fail(group, std::move(allowed.error()), at);
  }
  if (resolver.async) {
    waiting_.push_back({&group, &parent, &at});
    return true;
  }
  if (resolver.sync) {
    return complete_result(
        group, call(resolver.sync, {parent, *arguments, field, request_.context}, at), at);
  }
  const auto* value = parent.json();
  const auto* members = value != nullptr ? value->if_object() : nullptr;
  const auto* member = members != nullptr ? members->if_contains(field.name) : nullptr;
  return complete(group, field.type, member != nullptr ? Resolved::borrow(member) : Resolved(), at);
}

Async<Response> Execution::run() {
  std::optional<Turn> turn(std::in_place, request_.turns);
  if (!turn->try_begin()) {
    const bool begun = co_await turn->begin();
    if (!begun) co_return cancelled();
  }
  SelectionPlan plan = plan_root();
  const ResponseNode root{.is_nullable = true, .slot = &data_};
  if (request_.operation.operation != ast::OperationKind::mutation) {
    execute_fields(plan, request_.root, root);
    turn.reset();
    if (!waiting_.empty()) co_await drain();
    co_return finish();
  }
  turn.reset();
  auto& object = data_.emplace_object();
  object.reserve(plan.groups.size());
  for (const auto& group : plan.groups) object.emplace(group.key, nullptr);
  for (std::size_t i = 0; i < plan.groups.size() && !root.is_dead; ++i) {
    auto& group = plan.groups[i];
    const auto* node = new_node({.parent = &root,
                                 .key = group.key,
                                 .is_nullable = !group.field->type.is_non_null(),
                                 .slot = &(object.begin() + i)->value()});
    execute_field(plan, group, request_.root, *node);
    if (!waiting_.empty()) co_await drain();
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) break;
  }
  if (is_cancelled(co_await boost::asio::this_coro::cancellation_state) && errors_.empty()) {
    errors_.push_back({"The request was cancelled.", {}, {}, ErrorCode::cancelled});
    data_ = nullptr;
  }
  co_return finish();
}

Async<Response> Execution::run_event(Resolved event) {
  std::optional<Turn> turn(std::in_place, request_.turns);
  if (!turn->try_begin()) {
    const bool begun = co_await turn->begin();
    if (!begun) co_return cancelled();
  }
  SelectionPlan plan = plan_root();
  const ResponseNode root{.is_nullable = true, .slot = &data_};
  auto& object = data_.emplace_object();
  if (!plan.groups.empty()) {
    auto& group = plan.groups.front();
    object.emplace(group.key, nullptr);
    const auto* node = new_node({.parent = &root,
                                 .key = group.key,
                                 .is_nullable = !group.field->type.is_non_null(),
                                 .slot = &object.begin()->value()});
    Result<Resolved> value = std::move(event);
    if (request_.resolvers.at(*group.field).is_guarded) {
      const auto allowed = request_.resolvers.check(*group.field, request_.context);
      if (allowed.has_error()) value = allowed.error();
    }
    complete_result(group, std::move(value), *node);
    turn.reset();
    if (!waiting_.empty()) co_await drain();
  }
  co_return finish();
}

Async<Response> execute(ExecuteRequest request) {
  Execution execution(std::move(request));
  co_return co_await execution.run();
}

Async<Response> execute_event(ExecuteRequest request, Resolved event) {
  Execution execution(std::move(request));
  co_return co_await execution.run_event(std::move(event));
}

Async<GraphqlResult<std::unique_ptr<EventStream>>> create_event_stream(ExecuteRequest request) {
  Execution execution(std::move(request));
  co_return co_await execution.subscribe();
}

}  // namespace dth::graphql
