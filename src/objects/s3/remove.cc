#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<void>> S3Store::remove(std::string key) {
  Request http{.method = "DELETE", .counter = &RequestCounters::remove, .key = std::move(key)};
  if (http.key.empty())
    co_return requester_.wrong_answer(http, ErrorCode::invalid_argument, "an object's key is empty");
  auto answer = co_await requester_.ask(std::move(http), Requester::answer_size_max);
  // S3 answers 204 where there was nothing; some others say so.
  if (!answer && (answer.error().code != ErrorCode::not_found || !answer.error().detail.starts_with("NoSuchKey"))) {
    co_return answer.error();
  }
  co_return Result<void>();
}

}  // namespace dth::objects::s3
