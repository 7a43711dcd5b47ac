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
  ResolverTable resolvers(*schema.schema, options.resolvers, options.guard, &build.errors);
  if (!build.errors.empty()) return build;
  build.engine.reset(
      new Engine(std::move(options), std::move(schema.schema), std::move(resolvers)));
  return build;
}

Engine::Engine(EngineOptions options, std::shared_ptr<const Schema> schema, ResolverTable resolvers)
    : options_(std::move(options)),
      schema_(std::move(schema)),
      resolvers_(std::move(resolvers)),
      cache_(options_.cached_documents_max, options_.cached_document_bytes_max,
             options_.cache_memory_bytes_max) {}

const Preparation& Engine::prepare(Request& request) const {
  if (request.preparation) return *request.preparation;
  Preparation& preparation = request.preparation.emplace();
  prepare_document(request.query, &preparation);
  if (preparation.errors.empty()) prepare_operation(request, &preparation);
  return preparation;
}

void Engine::prepare_document(const std::string& query, Preparation* preparation) const {
  preparation->document = cache_.find(query);
  preparation->was_cached = preparation->document != nullptr;
  if (preparation->was_cached) return;
  ++documents_prepared_;
  const auto& limits = options_.limits;
  auto& errors = preparation->errors;
  auto document =
      parse(query, {limits.document_bytes_max, limits.tokens_max, limits.syntax_depth_max});
  if (!document) {
    errors.push_back(document.error());
    return;
  }
  auto prepared = std::make_shared<PreparedDocument>(graphql::prepare(std::move(*document)));
  errors = check_size(*prepared, limits);
  if (errors.empty() && !options_.introspection && uses_introspection(*prepared)) {
    errors.push_back(
        {"Introspection is switched off here: __schema and __type cannot be asked for. Use the "
         "published schema.",
         {},
         {},
         ErrorCode::permission_denied});
  }
  if (errors.empty()) {
    errors = validate(*schema_, *prepared->document,
                      {.errors_max = limits.errors_max,
                       .field_comparisons_max = limits.field_comparisons_max,
                       .suggestions = options_.introspection});
  }
  if (!errors.empty()) return;
  cache_.keep(prepared);
  preparation->document = std::move(prepared);
}

void Engine::prepare_operation(const Request& request, Preparation* preparation) const {
  const auto& limits = options_.limits;
  const PreparedDocument& document = *preparation->document;
  auto& errors = preparation->errors;
  auto operation = find_operation(document, request.operation_name);
  if (!operation) {
    errors.push_back(operation.error());
    return;
  }
  preparation->operation = *operation;
  if (schema_->root((*operation)->operation) == nullptr) {
    errors.push_back({"Schema is not configured to execute " +
                          std::string(to_string((*operation)->operation)) + " operation.",
                      {document.document->location((*operation)->offset)}});
    return;
  }
  if (depth_of(request.variables, limits.variables_depth_max + 1) >
      limits.variables_depth_max + 1) {
    errors.push_back({"The variables nest more than " + std::to_string(limits.variables_depth_max) +
                      " levels deep. Send them flatter."});
    return;
  }
  auto variables = coerce_variables(*schema_, *document.document, **operation, request.variables,
                                    limits.errors_max);
  errors = std::move(variables.errors);
  preparation->variables = std::move(variables.values);
  if (!errors.empty()) return;
  errors = check_ranges(*schema_, document, **operation, preparation->variables, limits.errors_max);
  if (!errors.empty()) return;
  preparation->cost =
      cost_of(*schema_, resolvers_, document, **operation, preparation->variables, limits);
  if (preparation->cost > limits.cost_max) {
    errors.push_back({"The operation costs " + std::to_string(preparation->cost) + ", more than " +
                      std::to_string(limits.cost_max) +
                      ". Ask for fewer items (\"first\") or fewer fields."});
  }
}

ExecuteRequest Engine::execution_of(Request& request) const {
  Preparation& preparation = *request.preparation;
  return {.schema = *schema_,
          .resolvers = resolvers_,
          .document = *preparation.document,
          .operation = *preparation.operation,
          .limits = options_.limits,
          .variables = std::move(preparation.variables),
          .root = std::move(request.root),
          .context = std::move(request.context),
          .on_exception = options_.on_exception,
          .memory = std::move(request.memory),
          .turns = request.turns};
}

namespace {

Response refusal_of(const Preparation& preparation) { return {std::nullopt, preparation.errors}; }

Response refusal_of(std::string message) {
  Response response;
  response.errors.push_back({std::move(message)});
  return response;
}

}  // namespace

Async<Response> Engine::execute(Request request) const {
  const Preparation& preparation = prepare(request);
  if (!preparation.errors.empty()) co_return refusal_of(preparation);
  if (preparation.operation->operation == ast::OperationKind::subscription) {
    co_return refusal_of(
        "A subscription has many responses: send it where subscriptions are taken (WebSocket, "
        "server-sent events).");
  }
  ExecuteRequest execution = execution_of(request);
  co_return co_await graphql::execute(std::move(execution));
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
  const Preparation& preparation = prepare(request);
  if (!preparation.errors.empty()) {
    subscription.refusal = refusal_of(preparation);
    co_return subscription;
  }
  if (preparation.operation->operation != ast::OperationKind::subscription) {
    subscription.refusal = refusal_of(
        "The operation is no subscription: send it where queries and mutations are taken.");
    co_return subscription;
  }
  ExecuteRequest execution = execution_of(request);
  auto source = co_await create_event_stream(execution);
  if (!source) {
    subscription.refusal.errors.push_back(source.error());
    co_return subscription;
  }
  subscription.stream = std::make_unique<EventResponses>(preparation.document, std::move(execution),
                                                         std::move(*source));
  co_return subscription;
}

}  // namespace dth::graphql
