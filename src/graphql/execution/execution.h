#pragma once

#include <deque>
#include <memory>
#include <memory_resource>

#include "base/async_scope.h"
#include "graphql/execution/execute.h"

namespace dth::graphql {

// A place in the response that is being made. Nodes of one path share their beginnings.
struct ResponseNode {
  const ResponseNode* parent = nullptr;
  std::string_view key = {};  // of a field
  std::uint64_t index = 0;    // of an item
  bool is_item = false;
  bool is_nullable = false;
  boost::json::value* slot = nullptr;
  // It was made null because of an error below: nothing below counts any more.
  mutable bool is_dead = false;
};

struct SelectionPlan;

// The selections of one response key, merged.
struct FieldGroup {
  std::string_view key;
  std::vector<const ast::Selection*> selections;
  const Field* field = nullptr;
  // Coerced when first needed: they are the same for each object of a list.
  std::optional<GraphqlResult<boost::json::object>> arguments;
  // What is selected below, by the object type that it turns out to be.
  std::vector<std::pair<const NamedType*, std::unique_ptr<SelectionPlan>>> below;
};

// What is selected of an object of one type (CollectFields, section 6.3.2).
struct SelectionPlan {
  const NamedType* type = nullptr;
  std::vector<FieldGroup> groups;
};

// The state of one execution. Fields that answer at once are resolved and completed by plain
// recursion; those that wait are queued, and each, when it answers, is completed in the same way at
// its place.
class Execution {
 public:
  explicit Execution(ExecuteRequest request)
      : request_(std::move(request)), memory_(request_.memory.reservation()) {}

  Async<Response> run();
  Async<Response> run_event(Resolved event);
  Async<GraphqlResult<std::unique_ptr<EventStream>>> subscribe();

 private:
  // Planning (execution_plan.cc).
  SelectionPlan plan_root();
  SelectionPlan& plan_below(FieldGroup& group, const NamedType& type);
  void collect(const ast::SelectionSet& set, SelectionPlan* plan,
               std::vector<std::string_view>* visited);
  bool is_included(const List<ast::Directive>& directives) const;
  bool applies(const ast::Name& condition, const NamedType& type) const;
  const GraphqlResult<boost::json::object>& arguments_of(FieldGroup& group);

  // Fields (execution.cc). False: an error made something above null; whoever called has nothing
  // more to do.
  bool execute_fields(SelectionPlan& plan, const Resolved& parent, const ResponseNode& at);
  bool execute_field(const SelectionPlan& plan, FieldGroup& group, const Resolved& parent,
                     const ResponseNode& at);
  Result<Resolved> call(const SyncResolver& resolver, const ResolveInfo& info,
                        const ResponseNode& at);
  const ResponseNode* new_node(ResponseNode node);
  // Counts what goes into the response, as text and in memory; where that is too much, is_full().
  void count(std::size_t text_bytes, std::size_t memory_bytes);
  void count_value(const boost::json::value& value);
  bool is_full() const { return fullness_ != Fullness::fits; }
  bool make_object(std::size_t fields, const ResponseNode& at);

  // Values (execution_complete.cc).
  bool complete(FieldGroup& group, TypeRef type, Resolved value, const ResponseNode& at);
  bool complete_list(FieldGroup& group, TypeRef item_type, Resolved value, const ResponseNode& at);
  bool complete_leaf(FieldGroup& group, const NamedType& type, const Resolved& value,
                     const ResponseNode& at);
  bool complete_object(FieldGroup& group, const NamedType& type, Resolved value,
                       const ResponseNode& at);
  Result<const NamedType*> object_type(const FieldGroup& group, const NamedType& type,
                                       const Resolved& value) const;
  bool complete_result(FieldGroup& group, Result<Resolved> result, const ResponseNode& at);

  // Errors (execution_errors.cc).
  bool fail(const FieldGroup& group, Error error, const ResponseNode& at);
  bool fail(GraphqlError error, const ResponseNode& at);
  static bool is_dead(const ResponseNode& node);
  static std::vector<PathSegment> path_of(const ResponseNode& node);
  void report_exception(const ResponseNode& at, const char* text);
  std::vector<Location> locations_of(const FieldGroup& group) const;
  Response finish();
  Response refusal() const;
  static Response cancelled();

  // Waiting (execution_async.cc).
  struct Waiting {
    FieldGroup* group;
    const Resolved* parent;
    const ResponseNode* node;
  };
  Async<void> drain();
  Async<void> work(AsyncScope& scope);
  Async<void> run_waiting(Waiting waiting);
  void start_workers(AsyncScope& scope);

  ExecuteRequest request_;
  ByteReservation memory_;
  boost::json::value data_;
  std::vector<GraphqlError> errors_;
  std::pmr::monotonic_buffer_resource arena_{4096};
  std::deque<Resolved> parents_;
  std::deque<Waiting> waiting_;
  std::size_t workers_ = 0;
  std::size_t nodes_ = 0;
  std::size_t text_bytes_ = 0;
  std::size_t memory_bytes_ = 0;
  // Why nothing more is resolved.
  enum class Fullness { fits, too_many_nodes, too_many_bytes, no_memory };
  Fullness fullness_ = Fullness::fits;
};

}  // namespace dth::graphql
