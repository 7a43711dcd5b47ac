#include <pugixml.hpp>

#include "objects/etag.h"
#include "objects/s3/metadata.h"
#include "objects/s3/properties.h"
#include "objects/s3/store.h"
#include "objects/s3/xml_scanner.h"

namespace dth::objects::s3 {
namespace {

std::string parts_document(const std::vector<CompletedPart>& parts) {
  std::string xml = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  xml.reserve(xml.size() + parts.size() * 110 + 32);
  for (const CompletedPart& part : parts) {
    xml += "<Part><PartNumber>" + std::to_string(part.part_number) + "</PartNumber><ETag>" +
           escape_xml(quoted(part.etag)) + "</ETag>";
    if (!part.crc64nvme.empty())
      xml += "<ChecksumCRC64NVME>" + escape_xml(part.crc64nvme) + "</ChecksumCRC64NVME>";
    xml += "</Part>";
  }
  return xml + "</CompleteMultipartUpload>";
}

// moto calls it a response.
pugi::xml_node find_result(const pugi::xml_document& document) {
  const pugi::xml_node result = document.child("CompleteMultipartUploadResult");
  return result ? result : document.child("CompleteMultipartUploadResponse");
}

// Ceph RGW takes a lock on the upload first, and where there is no upload says that somebody else
// holds it.
bool may_mean_gone(const Error& error) {
  return error.detail.find("completion is already in progress") != error.detail.npos;
}

}  // namespace

Async<Result<PutResult>> S3Store::complete_upload(CompleteUploadRequest request) {
  Request http{.method = "POST", .key = std::move(request.key), .of_upload = true};
  http.query = {{"uploadId", std::move(request.upload_id)}};
  http.precondition = std::move(request.precondition);
  http.precondition_limit = &StoreLimits::conditional_complete;
  http.key_use = KeyUse::write;
  http.headers = {{"Content-Type", "application/xml"}};
  append_checksums(request.checksums, &http.headers);
  if (http.headers.size() > 1) http.headers.push_back({"x-amz-checksum-type", "FULL_OBJECT"});
  http.xml = parts_document(request.parts);
  auto answer = co_await requester_.ask(http, Requester::answer_size_max);
  if (!answer) {
    if (!may_mean_gone(answer.error())) co_return answer.error();
    auto parts = co_await list_parts(http.key, http.query.front().second);
    co_return parts ? answer.error() : parts.error();
  }
  // White space keeps the connection alive while S3 works; the verdict may be an error within 200
  // OK.
  pugi::xml_document document;
  const std::size_t start = answer->text().find_first_not_of(" \t\r\n");
  std::string_view text = answer->text();
  text = start == text.npos ? std::string_view() : text.substr(start);
  const bool parsed = document.load_buffer(text.data(), text.size());
  const pugi::xml_node root = find_result(document);
  if (!parsed || !root) {
    co_return requester_.wrong_document(
        http, answer->response, text,
        "the answer broke off; the upload may or may not be complete");
  }
  PutResult result;
  result.etag = without_quotes(root.child_value("ETag"));
  result.version_id = answer->response.header("x-amz-version-id");
  result.encryption = read_encryption(answer->response);
  result.checksums.crc32 = root.child_value("ChecksumCRC32");
  result.checksums.crc32c = root.child_value("ChecksumCRC32C");
  result.checksums.crc64nvme = root.child_value("ChecksumCRC64NVME");
  result.checksums.sha1 = root.child_value("ChecksumSHA1");
  result.checksums.sha256 = root.child_value("ChecksumSHA256");
  result.checksums.composite = std::string_view(root.child_value("ChecksumType")) == "COMPOSITE";
  drop_malformed(&result.checksums);
  co_return result;
}

}  // namespace dth::objects::s3
