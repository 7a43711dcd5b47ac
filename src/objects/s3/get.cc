#include <algorithm>
#include <charconv>

#include "objects/etag.h"
#include "objects/s3/content_range.h"
#include "objects/s3/metadata.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {
namespace {

bool is_sound(const ByteRange& range) {
  return range.length > 0 && range.offset <= UINT64_MAX - range.length;
}

}  // namespace

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view unit = "bytes ";
  if (!text.starts_with(unit)) return std::nullopt;
  const char* at = text.data() + unit.size();
  const char* const end = text.data() + text.size();
  const auto take = [&](std::uint64_t* out) {
    const auto [next, failure] = std::from_chars(at, end, *out);
    at = next;
    return failure == std::errc();
  };
  ContentRange range;
  if (!take(&range.first) || at == end || *at++ != '-') return std::nullopt;
  if (!take(&range.last) || at == end || *at++ != '/') return std::nullopt;
  if (!take(&range.total) || at != end) return std::nullopt;
  if (range.first > range.last || range.last >= range.total) return std::nullopt;
  return range;
}

Async<Result<GetResult>> S3Store::get(GetRequest request) {
  Request http{.method = "GET",
               .counter = &RequestCounters::get,
               .key = request.key,
               .key_use = KeyUse::read};
  if (request.key.empty() || (request.range && !is_sound(*request.range))) {
    co_return requester_.wrong_answer(http, ErrorCode::invalid_argument,
                                      "the key is empty, or the range is empty or too large");
  }
  if (!request.version_id.empty()) http.query.emplace_back("versionId", request.version_id);
  http.checksum_mode = true;
  http.headers = {{"Accept-Encoding", std::string(requester_.endpoint().vendor().accept_encoding)}};
  if (!request.if_match.empty()) http.headers.push_back({"If-Match", quoted(request.if_match)});
  if (request.range) {
    const std::uint64_t last = request.range->offset + request.range->length - 1;
    http.headers.push_back(
        {"Range", "bytes=" + std::to_string(request.range->offset) + "-" + std::to_string(last)});
  }
  http.pooled_size =
      request.range ? request.range->length : request.size_expected.value_or(Body::size_unknown);
  auto response = co_await requester_.send(http);
  if (!response) co_return response.error();

  GetResult result;
  std::uint64_t expected = 0;
  result.head = read_object_head(*response, std::move(request.key), requester_.endpoint().vendor());
  if (auto foreign =
          requester_.find_foreign(http, *response, AnswerKind::object, result.head.info.etag, "")) {
    co_return std::move(*foreign);
  }
  if (request.range) {
    const auto range = parse_content_range(response->header("content-range"));
    // A range that runs over the object's end is cut there.
    if (response->status != 206 || !range || range->first != request.range->offset ||
        range->last != std::min(request.range->offset + request.range->length, range->total) - 1) {
      co_return requester_.wrong_answer(http, ErrorCode::data_corrupted,
                                        "the answer is not the range that was asked for");
    }
    result.head.info.size = range->total;
    expected = range->last - range->first + 1;
  } else if (response->status != 200) {
    co_return requester_.wrong_answer(http, ErrorCode::data_corrupted,
                                      "the answer is not the whole object");
  }
  // Some stores list an ETag of a folder's marker, which is empty, and answer none.
  const ObjectInfo& info = result.head.info;
  const bool is_untold = info.etag.empty() && !request.range && info.last_modified.known() &&
                         request.size_expected == std::uint64_t{0} && info.size == std::uint64_t{0};
  if (!request.if_match.empty() && !is_untold &&
      !is_same_etag(result.head.info.etag, request.if_match)) {
    // The store did not refuse it, as it should have: maybe this is not its answer.
    Error another = requester_.wrong_answer(http, ErrorCode::precondition_failed,
                                            "the object is another one now: its ETag has changed");
    another.reason = ErrorReason::foreign_answer;
    co_return another;
  }
  if (!request.range) {
    if (!result.head.info.size.known()) result.head.info.size = request.size_expected;
    if (!result.head.info.size.known()) {
      co_return requester_.wrong_answer(http, ErrorCode::data_corrupted,
                                        "the answer does not tell the object's size");
    }
    expected = result.head.info.size.value();
  }
  if (response->body->size() == expected) {
    result.body = std::move(response->body);
  } else {
    result.body = std::make_unique<ExactBody>(std::move(response->body), expected);
  }
  co_return result;
}

}  // namespace dth::objects::s3
