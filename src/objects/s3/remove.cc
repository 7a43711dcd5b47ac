#include "objects/s3/metadata.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<void>> S3Store::remove(RemoveRequest request) {
  Request http{
      .method = "DELETE", .counter = &RequestCounters::remove, .key = std::move(request.key)};
  if (http.key.empty())
    co_return requester_.wrong_answer(http, ErrorCode::invalid_argument,
                                      "an object's key is empty");
  const bool conditional = !request.if_match.empty(), was_seen = request.was_seen;
  if (conditional) {
    // A server that does not know the header passes over it, and removes whatever is there.
    if (!limits().conditional_remove) {
      co_return requester_.wrong_answer(http, ErrorCode::unsupported,
                                        "the store is not known to check what it removes");
    }
    http.headers.push_back({"If-Match", quoted(request.if_match)});
  }
  int status = 0;
  const std::string tried = requester_.tried(http);
  auto removed = co_await requester_.perform(std::move(http), &status);
  // Accepted (202) is not done: the next try looks at what is there.
  if (removed && status != 200 && status != 204) {
    co_return Error{ErrorCode::unavailable, ErrorReason::answer_lost,
                    tried + ": the store took the request and does not say that the object is gone",
                    "HTTP " + std::to_string(status)};
  }
  // S3 answers 204 where there was nothing; some others say so.
  const bool nothing_there = !removed && removed.error().reason == ErrorReason::object_missing;
  if (nothing_there && !conditional && !was_seen) co_return Result<void>();
  co_return removed;
}

}  // namespace dth::objects::s3
