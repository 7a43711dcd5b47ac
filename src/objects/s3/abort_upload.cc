#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<void>> S3Store::abort_upload(std::string key, std::string upload_id) {
  Request http{.method = "DELETE", .key = std::move(key), .of_upload = true};
  http.query = {{"uploadId", std::move(upload_id)}};
  auto answer = co_await requester_.ask(http, Requester::answer_size_max);
  if (!answer && answer.error().reason != ErrorReason::upload_missing) co_return answer.error();
  co_return Result<void>();
}

}  // namespace dth::objects::s3
