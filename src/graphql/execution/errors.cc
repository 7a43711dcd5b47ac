// Errors of fields, and what they make null (section 6.4.4).
#include "graphql/execution/execution.h"

namespace dth::graphql {
namespace {

constexpr std::size_t error_locations_max = 20;  // of one error

}  // namespace

std::vector<PathSegment> Execution::path_of(const ResponseNode& node) {
  std::vector<PathSegment> path;
  // The root is no step.
  for (const auto* step = &node; step->parent != nullptr; step = step->parent) {
    if (step->is_item) {
      path.emplace_back(step->index);
    } else {
      path.emplace_back(std::string(step->key));
    }
  }
  return {path.rbegin(), path.rend()};
}

std::vector<Location> Execution::locations_of(const FieldGroup& group) const {
  std::vector<Location> locations;
  for (const auto* selection : group.selections) {
    if (locations.size() == error_locations_max) break;
    locations.push_back(request_.document.document->location(selection->offset));
  }
  return locations;
}

bool Execution::is_dead(const ResponseNode& node) {
  for (const auto* step = &node; step != nullptr; step = step->parent) {
    if (step->is_dead) return true;
  }
  return false;
}

bool Execution::fail(const FieldGroup& group, Error error, const ResponseNode& at) {
  return fail(
      GraphqlError{
          std::move(error.message), locations_of(group), {}, error.code, std::move(error.detail)},
      at);
}

// Answers whether the place itself may be null, so that whoever made it can go on beside it.
bool Execution::fail(GraphqlError error, const ResponseNode& at) {
  if (is_dead(at)) return false;
  if (errors_.size() < request_.limits.errors_max) {
    error.path = path_of(at);
    count(error.message.size() + error.detail.size() + 100, sizeof(GraphqlError) + 1000);
    errors_.push_back(std::move(error));
  }
  const ResponseNode* nulled = &at;
  while (!nulled->is_nullable) nulled = nulled->parent;
  nulled->is_dead = true;
  *nulled->slot = nullptr;
  return nulled == &at;
}

void Execution::report_exception(const ResponseNode& at, const char* text) {
  if (request_.on_exception) request_.on_exception(text, path_of(at));
}

Response Execution::refusal() const {
  Response response;
  if (fullness_ != Fullness::no_memory) response.data = nullptr;
  switch (fullness_) {
    case Fullness::too_many_nodes:
      response.errors.push_back({"The response would have more than " +
                                 std::to_string(request_.limits.response_nodes_max) +
                                 " fields and items. Ask for fewer."});
      break;
    case Fullness::too_many_bytes:
      response.errors.push_back({"The response would have more than " +
                                 std::to_string(request_.limits.response_bytes_max) +
                                 " bytes. Ask for fewer fields or items, and use short aliases."});
      break;
    case Fullness::no_memory:
    case Fullness::fits:
      response.errors.push_back(
          {"The hub has no memory left for this response: other requests take "
           "it. Try again in a moment, or ask for less.",
           {},
           {},
           ErrorCode::throttled});
      break;
  }
  return response;
}

Response Execution::cancelled() {
  Response response;
  response.data = nullptr;
  response.errors.push_back({"The request was cancelled.", {}, {}, ErrorCode::cancelled});
  return response;
}

Response Execution::finish() {
  if (is_full()) {
    Response refused = refusal();
    data_ = nullptr;
    return refused;
  }
  Response response;
  response.errors = std::move(errors_);
  response.data = std::move(data_);
  response.memory = std::move(memory_);
  return response;
}

}  // namespace dth::graphql
