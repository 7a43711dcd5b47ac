#pragma once

#include <any>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/byte_budget.h"
#include "graphql/execution/resolvers.h"
#include "graphql/syntax/limits.h"

namespace dth::graphql {

// What a client is answered (section 7): `data` is missing where nothing was executed.
struct Response {
  std::optional<boost::json::value> data;
  std::vector<GraphqlError> errors;
  // The memory that it takes, and its text will; given back with the response.
  ByteReservation memory = {};
};
// {"errors": [...], "data": ...} as text.
std::string to_json_text(const Response& response);
boost::json::object to_json(const Response& response);

// A document that was validated against the schema, ready to be executed any number of times, by
// any thread.
struct PreparedDocument {
  std::shared_ptr<const Document> document;
  std::unordered_map<std::string_view, const ast::Definition*> fragments;
  std::vector<const ast::Definition*> operations;

  // What it takes, all in all.
  std::size_t memory_bytes() const;
};
PreparedDocument prepare(std::shared_ptr<const Document> document);

// The operation of that name, or the only one where the name is empty.
GraphqlResult<const ast::Definition*> find_operation(const PreparedDocument& document,
                                                     std::string_view name);

// What is told to the log and to no client: the text of an exception, and the path of the field
// that threw it.
using ExceptionHook =
    std::function<void(const std::string& text, const std::vector<PathSegment>& path)>;

// Executions of one thread that compute for long do so one after another. try_begin() or begin(),
// then nothing that waits, then end(): Turn does that.
class Turns {
 public:
  virtual ~Turns() = default;
  // False where others come first.
  virtual bool try_begin() = 0;
  // Waits. False where it was cancelled: it has not begun.
  virtual Async<bool> begin() = 0;
  virtual void end() = 0;
};

// One turn; to be destroyed before anything else is waited for.
class Turn {
 public:
  explicit Turn(Turns* turns) : turns_(turns) {}  // null: there is no order
  ~Turn() {
    if (has_begun_) turns_->end();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool try_begin() { return turns_ == nullptr || (has_begun_ = turns_->try_begin()); }
  // After a try_begin() that failed. False where it was cancelled.
  Async<bool> begin() { co_return has_begun_ = co_await turns_->begin(); }

 private:
  Turns* turns_;
  bool has_begun_ = false;
};

// One execution of one operation (section 6).
struct ExecuteRequest {
  const Schema& schema;
  const ResolverTable& resolvers;
  const PreparedDocument& document;
  const ast::Definition& operation;
  const GraphqlLimits& limits;
  boost::json::object variables;  // coerced
  Resolved root = nullptr;
  std::any context = {};
  ExceptionHook on_exception = {};
  ByteOwner memory = {};   // takes what the response takes
  Turns* turns = nullptr;  // what computes waits for them
};

// Executes a query or a mutation. Fields of a query that wait do so at the same time,
// `concurrent_fields_max` at most; the root fields of a mutation run one after another. An error at
// a field that may not be null makes the nearest field around it null that may be; what else is
// below that is not begun any more. When the caller is cancelled, the resolvers are, and the
// response is an error with the code `cancelled`.
Async<Response> execute(ExecuteRequest request);

// What an event of a subscription is for its client: the operation executed with the event as the
// field's value.
Async<Response> execute_event(ExecuteRequest request, Resolved event);

// The stream of events that a subscription's field answers.
Async<GraphqlResult<std::unique_ptr<EventStream>>> create_event_stream(ExecuteRequest request);

}  // namespace dth::graphql
