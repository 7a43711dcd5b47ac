#pragma once

#include <any>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graphql/document_cache.h"
#include "graphql/execution/execute.h"

namespace dth::graphql {

// A GraphQL service: a schema with its resolvers. Knows no transport and no product.
//
//   auto built = Engine::create({.sdl = text, .resolvers = std::move(resolvers)});
//   Request request{.query = "{ tasks { id } }"};  // named: g++ 12 destroys a temporary in the
//   call twice Response response = co_await built.engine->execute(std::move(request));
//
// Follows the specification of October 2021, with what clients already send of September 2025:
// OneOf input objects, descriptions in executable documents, deprecated arguments and input fields.

struct EngineOptions {
  std::string sdl = {};
  Resolvers resolvers = {};
  SchemaOptions schema = {};
  GraphqlLimits limits = {};
  // Off, __schema and __type are refused, and no error names what the schema has ("Did you mean
  // ...?").
  bool introspection = true;
  // Prepared documents that are kept; longer ones are prepared each time.
  std::size_t cached_documents_max = 1000;
  std::size_t cached_document_bytes_max = 16 * 1024;
  std::size_t cache_memory_bytes_max = 16 << 20;
  // Null: everybody may see everything.
  std::shared_ptr<FieldGuard> guard = {};
  // For the log; called on the thread of the request.
  ExceptionHook on_exception = {};
};

// A request that may be executed: parsed, bounded, validated, its variables coerced, its cost
// within the limit. Or the errors that say why not.
struct Preparation {
  std::shared_ptr<const PreparedDocument> document;
  const ast::Definition* operation = nullptr;  // null where none was found
  boost::json::object variables = {};          // coerced
  std::uint64_t cost = 0;
  std::vector<GraphqlError> errors;
  bool was_cached = false;  // the document
};

struct Request {
  std::string query;
  std::string operation_name = {};  // empty: the only one
  boost::json::object variables = {};
  Resolved root = nullptr;  // the parent of root fields
  std::any context = {};    // for resolvers
  // Made once, when it is first asked for.
  std::optional<Preparation> preparation = {};
  ByteOwner memory = {};   // takes what responses take
  Turns* turns = nullptr;  // see ExecuteRequest
};

// The responses of a subscription, one for each event.
class ResponseStream {
 public:
  virtual ~ResponseStream() = default;
  // Nothing when the source has ended, or its error was told. Cancelling it cancels the source. One
  // call at a time; the engine must outlive it.
  virtual Async<std::optional<Response>> next() = 0;
};

// Either the responses of a subscription, or the one response that says why there are none.
struct Subscription {
  std::unique_ptr<ResponseStream> stream;
  Response refusal;
};

class Engine;
struct EngineBuild {
  std::unique_ptr<Engine> engine;
  // Where there is no engine: every fault of the schema and of the resolvers, one a line.
  std::vector<std::string> errors;
};

// Immutable but for its cache, and safe to share between threads; a request runs on the executor of
// its caller.
class Engine {
 public:
  // Checks the schema, and the resolvers against it: to be called at start.
  static EngineBuild create(EngineOptions options);

  // Prepares the request, unless that was done; remembers documents that are valid.
  const Preparation& prepare(Request& request) const;

  // Executes a query or mutation. Errors of the request, limits among them, are a response without
  // data.
  Async<Response> execute(Request request) const;

  // Begins a subscription.
  Async<Subscription> subscribe(Request request) const;

  const Schema& schema() const { return *schema_; }
  const GraphqlLimits& limits() const { return options_.limits; }
  const DocumentCache& cache() const { return cache_; }
  // Documents that were parsed so far.
  std::uint64_t documents_prepared() const { return documents_prepared_; }

 private:
  Engine(EngineOptions options, std::shared_ptr<const Schema> schema, ResolverTable resolvers);
  void prepare_document(const std::string& query, Preparation* preparation) const;
  void prepare_operation(const Request& request, Preparation* preparation) const;
  ExecuteRequest execution_of(Request& request) const;  // moves out of it

  EngineOptions options_;
  std::shared_ptr<const Schema> schema_;
  ResolverTable resolvers_;
  mutable DocumentCache cache_;
  mutable std::atomic<std::uint64_t> documents_prepared_ = 0;
};

}  // namespace dth::graphql
