#include "graphql/engine.h"

#include "graphql/execution/introspection.h"
#include "graphql/schema/coercion.h"
#include "graphql/syntax/parser.h"
#include "graphql/validation/request_limits.h"
#include "graphql/validation/validate.h"

namespace dth::graphql {

EngineBuild Engine::create(EngineOptions options) {
  EngineBuild build;
  auto schema = build_schema(options.sdl, options.schema);
  for (const auto& error : schema.errors) {
    std::string where;
    for (const auto& location : error.locations) {
      where += (where.empty() ? "line " : ", ") + std::to_string(location.line);
    }
    build.errors.push_back("schema" + (where.empty() ? "" : ", " + where) + ": " + error.message);
  }
  if (!schema.schema) return build;
  add_introspection(&options.resolvers);
  ResolverTable resolvers(*schema.schema, options.resolvers, &build.errors);
  if (!build.errors.empty()) return build;
  build.engine.reset(
      new Engine(std::move(options), std::move(schema.schema), std::move(resolvers)));
  return build;
}

Engine::Engine(EngineOptions options, std::shared_ptr<const Schema> schema, ResolverTable resolvers)
    : options_(std::move(options)),
      schema_(std::move(schema)),
      resolvers_(std::move(resolvers)),
      cache_(options_.cached_documents_max, options_.cached_document_bytes_max) {}

Engine::Preparation Engine::prepare(const std::string& query) const {
  Preparation preparation;
  preparation.document = cache_.find(query);
  if (preparation.document) return preparation;
  const auto& limits = options_.limits;
  auto document =
      parse(query, {limits.document_bytes_max, limits.tokens_max, limits.syntax_depth_max});
  if (!document) {
    preparation.errors.push_back(document.error());
    return preparation;
  }
  auto prepared = std::make_shared<PreparedDocument>(graphql::prepare(std::move(*document)));
  preparation.errors = check_size(*prepared, limits);
  if (preparation.errors.empty() && !options_.introspection && uses_introspection(*prepared)) {
    preparation.errors.push_back(
        {"Introspection is switched off here: __schema and __type cannot be asked for. Use the "
         "published schema.",
         {},
         {},
         ErrorCode::permission_denied});
  }
  if (preparation.errors.empty()) {
    preparation.errors = validate(*schema_, *prepared->document,
                                  {.errors_max = limits.errors_max,
                                   .field_comparisons_max = limits.field_comparisons_max,
                                   .suggestions = options_.introspection});
  }
  if (!preparation.errors.empty()) return preparation;
  cache_.keep(prepared);
  preparation.document = std::move(prepared);
  return preparation;
}

// A request that may be executed, or why not.
struct Engine::Ready {
  std::shared_ptr<const PreparedDocument> document;
  const ast::Definition* operation = nullptr;
  boost::json::object variables;
  std::vector<GraphqlError> errors;

  Response refusal() { return Response{std::nullopt, std::move(errors)}; }
};

Engine::Ready Engine::make_ready(Request& request) const {
  Ready ready;
  const auto& limits = options_.limits;
  auto preparation = prepare(request.query);
  ready.errors = std::move(preparation.errors);
  ready.document = std::move(preparation.document);
  if (!ready.errors.empty()) return ready;
  auto operation = find_operation(*ready.document, request.operation_name);
  if (!operation) {
    ready.errors.push_back(operation.error());
    return ready;
  }
  ready.operation = *operation;
  if (schema_->root(ready.operation->operation) == nullptr) {
    ready.errors.push_back({"Schema is not configured to execute " +
                                std::string(to_string(ready.operation->operation)) + " operation.",
                            {ready.document->document->location(ready.operation->offset)}});
    return ready;
  }
  if (depth_of(request.variables, limits.variables_depth_max + 1) >
      limits.variables_depth_max + 1) {
    ready.errors.push_back({"The variables nest more than " +
                            std::to_string(limits.variables_depth_max) +
                            " levels deep. Send them flatter."});
    return ready;
  }
  auto variables = coerce_variables(*schema_, *ready.document->document, *ready.operation,
                                    request.variables, limits.errors_max);
  ready.errors = std::move(variables.errors);
  ready.variables = std::move(variables.values);
  if (!ready.errors.empty()) return ready;
  const auto cost =
      cost_of(*schema_, resolvers_, *ready.document, *ready.operation, ready.variables, limits);
  if (cost > limits.cost_max) {
    ready.errors.push_back({"The operation costs " + std::to_string(cost) + ", more than " +
                            std::to_string(limits.cost_max) +
                            ". Ask for fewer items (\"first\") or fewer fields."});
  }
  return ready;
}

ExecuteRequest Engine::execution_of(Ready& ready, Request& request) const {
  return {.schema = *schema_,
          .resolvers = resolvers_,
          .document = *ready.document,
          .operation = *ready.operation,
          .limits = options_.limits,
          .variables = std::move(ready.variables),
          .root = std::move(request.root),
          .context = std::move(request.context),
          .on_exception = options_.on_exception};
}

Async<Response> Engine::execute(Request request) const {
  Ready ready = make_ready(request);
  if (!ready.errors.empty()) co_return ready.refusal();
  if (ready.operation->operation == ast::OperationKind::subscription) {
    ready.errors.push_back(
        {"A subscription has many responses: send it where subscriptions are taken (WebSocket, "
         "server-sent events)."});
    co_return ready.refusal();
  }
  ExecuteRequest execution = execution_of(ready, request);
  co_return co_await graphql::execute(std::move(execution));
}

GraphqlResult<ast::OperationKind> Engine::operation_kind(const std::string& query,
                                                         std::string_view operation_name) const {
  auto preparation = prepare(query);
  if (!preparation.errors.empty()) return std::move(preparation.errors.front());
  auto operation = find_operation(*preparation.document, operation_name);
  if (!operation) return operation.error();
  return (*operation)->operation;
}

namespace {

// Executes the operation for each event of the source.
class EventResponses final : public ResponseStream {
 public:
  EventResponses(std::shared_ptr<const PreparedDocument> document, ExecuteRequest request,
                 std::unique_ptr<EventStream> source)
      : document_(std::move(document)), request_(std::move(request)), source_(std::move(source)) {}

  Async<std::optional<Response>> next() override {
    if (!source_) co_return std::nullopt;
    Result<std::optional<Resolved>> event = Error{ErrorCode::internal, "", ""};
    bool has_thrown = false;
    try {
      event = co_await source_->next();
    } catch (const std::exception& exception) {
      has_thrown = true;
      if (request_.on_exception) request_.on_exception(exception.what(), {});
    }
    if (event && *event) co_return co_await execute_event(request_, std::move(**event));
    source_.reset();
    if (event) co_return std::nullopt;
    Error error = event.error();
    if (has_thrown)
      error.message = "Internal error: the subscription has ended. Begin it again, and report it.";
    Response response;
    response.errors.push_back(
        {std::move(error.message), {}, {}, error.code, std::move(error.detail)});
    co_return response;
  }

 private:
  std::shared_ptr<const PreparedDocument> document_;
  ExecuteRequest request_;
  std::unique_ptr<EventStream> source_;
};

}  // namespace

Async<Subscription> Engine::subscribe(Request request) const {
  Subscription subscription;
  Ready ready = make_ready(request);
  if (ready.errors.empty() && ready.operation->operation != ast::OperationKind::subscription) {
    ready.errors.push_back(
        {"The operation is no subscription: send it where queries and mutations are taken."});
  }
  if (!ready.errors.empty()) {
    subscription.refusal = ready.refusal();
    co_return subscription;
  }
  ExecuteRequest execution = execution_of(ready, request);
  auto source = co_await create_event_stream(execution);
  if (!source) {
    subscription.refusal.errors.push_back(source.error());
    co_return subscription;
  }
  subscription.stream =
      std::make_unique<EventResponses>(ready.document, std::move(execution), std::move(*source));
  co_return subscription;
}

}  // namespace dth::graphql
