#include "objects/s3/metadata.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<ObjectHead>> S3Store::head(std::string key, std::string version_id) {
  Request http{
      .method = "HEAD", .counter = &RequestCounters::head, .key = key, .key_use = KeyUse::read};
  if (key.empty())
    co_return requester_.wrong_answer(http, ErrorCode::invalid_argument,
                                      "an object's key is empty");
  if (!version_id.empty()) http.query.emplace_back("versionId", std::move(version_id));
  http.checksum_mode = true;
  http.headers = {{"Accept-Encoding", std::string(requester_.endpoint().vendor().accept_encoding)}};
  auto response = co_await requester_.send(http);
  if (!response) co_return response.error();
  ObjectHead head = read_object_head(*response, std::move(key), requester_.endpoint().vendor());
  if (auto foreign =
          requester_.find_foreign(http, *response, AnswerKind::object, head.info.etag, ""))
    co_return std::move(*foreign);
  if (response->status != 200) {
    co_return requester_.wrong_answer(
        http, ErrorCode::unavailable,
        "the answer is none to HEAD: status " + std::to_string(response->status));
  }
  if (!head.info.size.known()) {
    auto size = co_await ask_for_size(head.info);
    if (!size) co_return size.error();
    head.info.size = *size;
  }
  co_return head;
}

// HEAD did not report the size. The answer to one byte does, or that to the whole object, of which
// an empty one has no byte.
Async<Result<std::uint64_t>> S3Store::ask_for_size(ObjectInfo object) {
  GetRequest request{.key = object.key,
                     .version_id = object.version_id,
                     .if_match = object.etag,
                     .range = ByteRange{0, 1}};
  auto first = co_await get(request);
  if (first) co_return first->head.info.size.value();
  // No byte there, or a server that knows no ranges. Any other refusal would be repeated.
  const ErrorCode code = first.error().code;
  if (code != ErrorCode::invalid_argument && code != ErrorCode::data_corrupted &&
      code != ErrorCode::unsupported)
    co_return first.error();
  request.range.reset();
  auto whole = co_await get(request);
  if (!whole) co_return whole.error();
  co_return whole->head.info.size.value();
}

}  // namespace dth::objects::s3
