// Fields that wait.
#include <exception>
#include <new>

#include "graphql/execution/execution.h"

namespace dth::graphql {

namespace asio = boost::asio;

// Until nothing waits any more. What answers may give rise to more that waits.
Async<void> Execution::drain() {
  const Executor executor = co_await asio::this_coro::executor;
  AsyncScope scope(executor);
  start_workers(scope);
  co_await scope.join();
  if (!is_cancelled(co_await asio::this_coro::cancellation_state)) co_return;
  waiting_.clear();
  errors_.clear();
  errors_.push_back({"The request was cancelled.", {}, {}, ErrorCode::cancelled});
  data_ = nullptr;
}

void Execution::start_workers(AsyncScope& scope) {
  std::size_t wanted = std::min(waiting_.size(), request_.limits.concurrent_fields_max - workers_);
  for (; wanted > 0; --wanted) {
    ++workers_;
    scope.spawn(work(scope));
  }
}

Async<void> Execution::work(AsyncScope& scope) {
  while (!waiting_.empty() && !is_full()) {
    if (is_cancelled(co_await asio::this_coro::cancellation_state)) break;
    const Waiting next = waiting_.front();
    waiting_.pop_front();
    if (is_dead(*next.node)) continue;
    try {
      co_await run_waiting(next);
    } catch (const std::bad_alloc&) {
      fullness_ = Fullness::no_memory;
    }
    start_workers(scope);
  }
  --workers_;
}

Async<void> Execution::run_waiting(Waiting waiting) {
  const ResponseNode& node = *waiting.node;
  Result<Resolved> result =
      Error{ErrorCode::internal,
            "Internal error: the field could not be resolved. Try again, and report it.", ""};
  try {
    const auto& arguments = arguments_of(*waiting.group);
    const auto& resolver = request_.resolvers.at(*waiting.group->field);
    const ResolveInfo info{*waiting.parent, *arguments, *waiting.group->field, request_.context};
    result = co_await resolver.async(info);
  } catch (const std::exception& exception) {
    report_exception(node, exception.what());
  } catch (...) {
    report_exception(node, "an exception of an unknown type");
  }
  if (is_dead(node) || is_full()) co_return;
  Turn turn(request_.turns);
  if (!turn.try_begin()) {
    const bool begun = co_await turn.begin();
    if (!begun || is_dead(node) || is_full()) co_return;
  }
  complete_result(*waiting.group, std::move(result), node);
}

Async<GraphqlResult<std::unique_ptr<EventStream>>> Execution::subscribe() {
  SelectionPlan plan = plan_root();
  if (plan.groups.empty()) co_return GraphqlError{"The subscription selects no field. Select one."};
  auto& group = plan.groups.front();
  const ResponseNode root{.is_nullable = true, .slot = &data_};
  const ResponseNode node{.parent = &root, .key = group.key, .is_nullable = true, .slot = &data_};
  const auto& arguments = arguments_of(group);
  if (!arguments) {
    GraphqlError error = arguments.error();
    error.path = path_of(node);
    co_return error;
  }
  const auto& resolver = request_.resolvers.at(*group.field);
  Result<std::unique_ptr<EventStream>> stream =
      Error{ErrorCode::internal,
            "Internal error: the subscription could not begin. Try again, and report it.", ""};
  if (resolver.is_guarded) {
    const auto allowed = request_.resolvers.check(*group.field, request_.context);
    if (allowed.has_error()) {
      co_return GraphqlError{allowed.error().message, locations_of(group), path_of(node),
                             allowed.error().code};
    }
  }
  try {
    const ResolveInfo info{request_.root, *arguments, *group.field, request_.context};
    stream = co_await resolver.subscribe(info);
  } catch (const std::exception& exception) {
    report_exception(node, exception.what());
  } catch (...) {
    report_exception(node, "an exception of an unknown type");
  }
  if (stream) co_return std::move(*stream);
  Error error = stream.error();
  co_return GraphqlError{std::move(error.message), locations_of(group), path_of(node), error.code,
                         std::move(error.detail)};
}

}  // namespace dth::graphql
