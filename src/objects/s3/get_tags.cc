#include "objects/s3/properties.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<Tags>> S3Store::get_tags(std::string key, std::string version_id) {
  Request http{.method = "GET", .counter = &RequestCounters::other, .key = std::move(key)};
  if (http.key.empty()) {
    co_return requester_.wrong_answer(http, ErrorCode::invalid_argument,
                                      "an object's key is empty");
  }
  http.query = {{"tagging", ""}};
  if (!version_id.empty()) http.query.emplace_back("versionId", std::move(version_id));
  auto answer = co_await requester_.ask(http, Requester::answer_size_max);
  if (!answer) co_return answer.error();
  auto tags = parse_tags(answer->text());
  if (!tags) {
    co_return requester_.wrong_document(http, answer->response, answer->text(),
                                        "the list of tags is not whole");
  }
  co_return std::move(*tags);
}

}  // namespace dth::objects::s3
