#include "graphql/execution/execution.h"

#include <exception>

namespace dth::graphql {

namespace json = boost::json;

const ResponseNode* Execution::new_node(ResponseNode node) {
  if (++nodes_ > request_.limits.response_nodes_max) is_too_large_ = true;
  return new (arena_.allocate(sizeof(ResponseNode), alignof(ResponseNode))) ResponseNode(node);
}

bool Execution::execute_fields(SelectionPlan& plan, const Resolved& parent,
                               const ResponseNode& at) {
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
  if (is_too_large_) return false;
  const Field& field = *group.field;
  if (&field == &request_.schema.typename_field()) {
    *at.slot = plan.type->name;
    return true;
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
  SelectionPlan plan = plan_root();
  const ResponseNode root{.is_nullable = true, .slot = &data_};
  if (request_.operation.operation != ast::OperationKind::mutation) {
    execute_fields(plan, request_.root, root);
    if (!waiting_.empty()) co_await drain();
    co_return finish();
  }
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
    complete(group, group.field->type, std::move(event), *node);
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
