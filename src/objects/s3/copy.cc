#include <pugixml.hpp>

#include "base/encoding.h"
#include "objects/etag.h"
#include "objects/s3/metadata.h"
#include "objects/s3/properties.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {
namespace {

void append_source(const CopySource& source, std::string_view if_match_header,
                   net::HttpHeaders* headers) {
  std::string path = "/" + source.bucket + "/" + percent_encode(source.key, true);
  if (!source.version_id.empty()) path += "?versionId=" + percent_encode(source.version_id, false);
  headers->push_back({"x-amz-copy-source", std::move(path)});
  headers->push_back({std::string(if_match_header), quoted(source.if_match)});
}

Checksums read_xml_checksums(const pugi::xml_node& node) {
  Checksums checksums;
  checksums.crc32 = node.child_value("ChecksumCRC32");
  checksums.crc32c = node.child_value("ChecksumCRC32C");
  checksums.crc64nvme = node.child_value("ChecksumCRC64NVME");
  checksums.sha1 = node.child_value("ChecksumSHA1");
  checksums.sha256 = node.child_value("ChecksumSHA256");
  checksums.composite = std::string_view(node.child_value("ChecksumType")) == "COMPOSITE";
  drop_malformed(&checksums);
  return checksums;
}

}  // namespace

// As CompleteMultipartUpload's, the answer may begin with white space, and 200 OK may hold an
// error.
Async<Result<PutResult>> S3Store::send_copy(Request http, std::string root_name) {
  auto answer = co_await requester_.ask(http, Requester::answer_size_max);
  if (!answer) co_return answer.error();
  std::string_view text = answer->text();
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  pugi::xml_document document;
  const bool parsed = document.load_buffer(text.data(), text.size());
  const pugi::xml_node root = document.child(root_name.c_str());
  if (!parsed || !root) {
    co_return requester_.wrong_document(http, answer->response, text,
                                        "the answer broke off; it may or may not be copied");
  }
  PutResult copied;
  copied.etag = without_quotes(root.child_value("ETag"));
  copied.checksums = read_xml_checksums(root);
  copied.version_id = answer->response.header("x-amz-version-id");
  copied.encryption = read_encryption(answer->response);
  co_return copied;
}

Async<Result<PutResult>> S3Store::copy(CopyRequest request) {
  Request http{.method = "PUT", .counter = &RequestCounters::put, .key = std::move(request.key)};
  if (!limits().server_side_copy || http.key.empty() || request.source.if_match.empty()) {
    co_return requester_.wrong_answer(
        http, limits().server_side_copy ? ErrorCode::invalid_argument : ErrorCode::unsupported,
        "a copy within the store has to be bound to the source's ETag, and this cannot be here");
  }
  append_source(request.source, requester_.endpoint().vendor().copy_if_match_header, &http.headers);
  if (request.metadata) {
    http.headers.push_back({"x-amz-metadata-directive", "REPLACE"});
    append_metadata_to(&http, *request.metadata);
  }
  if (!request.keep_tags) http.headers.push_back({"x-amz-tagging-directive", "REPLACE"});
  append_properties(request.properties, &http.headers);
  http.precondition = std::move(request.precondition);
  http.precondition_limit = &StoreLimits::conditional_copy;
  http.key_use = KeyUse::write;
  co_return co_await send_copy(std::move(http), "CopyObjectResult");
}

Async<Result<PartResult>> S3Store::copy_part(CopyPartRequest request) {
  Request http{.method = "PUT",
               .counter = &RequestCounters::put,
               .key = std::move(request.key),
               .of_upload = true};
  if (!limits().server_side_copy_parts || request.source.if_match.empty() ||
      request.range.length == 0) {
    co_return requester_.wrong_answer(
        http,
        limits().server_side_copy_parts ? ErrorCode::invalid_argument : ErrorCode::unsupported,
        "a part copied within the store has to be a range bound to the source's ETag, and this "
        "cannot be here");
  }
  http.query = {{"partNumber", std::to_string(request.part_number)},
                {"uploadId", std::move(request.upload_id)}};
  append_source(request.source, requester_.endpoint().vendor().copy_if_match_header, &http.headers);
  http.headers.push_back({"x-amz-copy-source-range",
                          "bytes=" + std::to_string(request.range.offset) + "-" +
                              std::to_string(request.range.offset + request.range.length - 1)});
  http.key_use = KeyUse::write;
  auto copied = co_await send_copy(std::move(http), "CopyPartResult");
  if (!copied) co_return copied.error();
  PartResult result;
  result.etag = std::move(copied->etag);
  result.checksums = std::move(copied->checksums);
  result.encryption = copied->encryption;
  co_return result;
}

}  // namespace dth::objects::s3
