#include "objects/s3/metadata.h"
#include "objects/s3/properties.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<PartResult>> S3Store::upload_part(UploadPartRequest request, Body& body) {
  Request http{.method = "PUT",
               .counter = &RequestCounters::put,
               .key = std::move(request.key),
               .of_upload = true};
  if (request.part_number == 0 || request.part_number > limits().part_count_max) {
    co_return requester_.wrong_answer(
        http, ErrorCode::invalid_argument,
        "part number " + std::to_string(request.part_number) + " is out of range");
  }
  http.query = {{"partNumber", std::to_string(request.part_number)},
                {"uploadId", std::move(request.upload_id)}};
  if (!request.content_md5.empty())
    http.headers.push_back({"Content-MD5", request.content_md5.base64()});
  append_checksums(request.checksums, &http.headers);
  http.key_use = KeyUse::write;
  http.body = &body;
  http.payload_sha256 = request.payload_sha256;
  http.trial = request.trial;
  auto answer = co_await requester_.ask(http, Requester::answer_size_max);
  if (!answer) co_return answer.error();
  PartResult result;
  result.etag = read_etag(answer->response);
  if (!answer->text().empty() && is_error_document(answer->text())) {
    co_return requester_.refused(http, answer->response, answer->text());
  }
  auto foreign = requester_.find_foreign(http, answer->response, AnswerKind::written, result.etag,
                                         answer->text());
  if (foreign) co_return std::move(*foreign);
  result.checksums = read_checksums(answer->response);
  result.encryption = read_encryption(answer->response);
  co_return result;
}

}  // namespace dth::objects::s3
