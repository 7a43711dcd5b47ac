#include "base/encoding.h"
#include "objects/s3/metadata.h"
#include "objects/s3/properties.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {

void S3Store::append_metadata_to(Request* http, const ObjectMetadata& metadata) {
  const std::string left_out =
      append_metadata(metadata, requester_.endpoint().vendor(), &http->headers);
  http->content_encoding = without_aws_chunked(metadata.content_encoding);
  if (left_out.empty()) return;
  requester_.endpoint().warn(
      "user metadata whose names HTTP cannot carry is left out of copies; the first such name is "
      "'" +
      printable(left_out.substr(0, 80)) + "'");
}

Async<Result<PutResult>> S3Store::put(PutRequest request, Body& body) {
  Request http{.method = "PUT", .counter = &RequestCounters::put, .key = std::move(request.key)};
  if (http.key.empty())
    co_return requester_.wrong_answer(http, ErrorCode::invalid_argument,
                                      "an object's key is empty");
  append_metadata_to(&http, request.metadata);
  append_properties(request.properties, &http.headers);
  if (!request.content_md5.empty())
    http.headers.push_back({"Content-MD5", request.content_md5.base64()});
  append_checksums(request.checksums, &http.headers);
  http.precondition = std::move(request.precondition);
  http.key_use = KeyUse::write;
  http.body = &body;
  http.payload_sha256 = request.payload_sha256;
  http.trial = request.trial;
  auto response = co_await requester_.send(http);
  if (!response) co_return response.error();
  PutResult result;
  result.etag = read_etag(*response);
  std::string text;
  if (response->body->size() != 0) {  // which nobody expects
    auto read = co_await requester_.read_answer(*response->body);
    if (!read) co_return read.error().with_context(requester_.tried(http));
    text = std::move(*read);
  }
  if (!text.empty() && is_error_document(text)) co_return requester_.refused(http, *response, text);
  if (auto foreign =
          requester_.find_foreign(http, *response, AnswerKind::written, result.etag, text))
    co_return std::move(*foreign);
  result.version_id = response->header("x-amz-version-id");
  result.checksums = read_checksums(*response);
  result.encryption = read_encryption(*response);
  co_return result;
}

}  // namespace dth::objects::s3
