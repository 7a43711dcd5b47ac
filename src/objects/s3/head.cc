#include "objects/s3/metadata.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<ObjectHead>> S3Store::head(std::string key, std::string version_id) {
  Request http{.method = "HEAD", .counter = &RequestCounters::head, .key = key, .key_use = KeyUse::read};
  if (key.empty()) co_return requester_.wrong_answer(http, ErrorCode::invalid_argument, "an object's key is empty");
  if (!version_id.empty()) http.query.emplace_back("versionId", std::move(version_id));
  http.headers = {{"x-amz-checksum-mode", "ENABLED"},
                  {"Accept-Encoding", std::string(requester_.endpoint().vendor().accept_encoding)}};
  auto response = co_await requester_.send(http);
  if (!response) co_return response.error();
  co_return read_object_head(*response, std::move(key), requester_.endpoint().vendor());
}

}  // namespace dth::objects::s3
