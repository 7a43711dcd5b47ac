#include <pugixml.hpp>

#include "objects/s3/metadata.h"
#include "objects/s3/properties.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<std::string>> S3Store::create_upload(CreateUploadRequest request) {
  Request http{.method = "POST", .key = std::move(request.key), .once = true};
  http.query = {{"uploads", ""}};
  append_metadata_to(&http, request.metadata);
  append_properties(request.properties, &http.headers);
  http.key_use = KeyUse::write;
  if (request.full_object_checksum && limits().enforces_checksums) {
    http.headers.push_back(
        {"x-amz-checksum-algorithm", std::string(to_string(*request.full_object_checksum))});
    http.headers.push_back({"x-amz-checksum-type", "FULL_OBJECT"});
  }
  auto answer = co_await requester_.ask(http, Requester::answer_size_max);
  if (!answer) co_return answer.error();
  pugi::xml_document document;
  document.load_buffer(answer->text().data(), answer->text().size());
  const pugi::xml_node root = document.child("InitiateMultipartUploadResult");
  std::string upload_id = root.child_value("UploadId");
  if (upload_id.empty()) {
    co_return requester_.wrong_document(http, answer->response, answer->text(),
                                        "the answer holds no upload id");
  }
  co_return upload_id;
}

}  // namespace dth::objects::s3
