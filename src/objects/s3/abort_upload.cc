#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<void>> S3Store::abort_upload(std::string key, std::string upload_id) {
  Request http{.method = "DELETE", .key = std::move(key), .of_upload = true};
  http.query = {{"uploadId", std::move(upload_id)}};
  auto aborted = co_await requester_.perform(std::move(http));
  if (!aborted && aborted.error().reason != ErrorReason::upload_missing) co_return aborted.error();
  co_return Result<void>();
}

}  // namespace dth::objects::s3
