#include <pugixml.hpp>

#include "base/encoding.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {
namespace {

constexpr std::size_t uploads_max = 1'000;

// A key as the answer carries it; nothing where it is not encoded as announced.
std::optional<std::string> decode_key(std::string key, bool url_encoded) {
  if (!url_encoded) return key;
  for (char& c : key) {
    if (c == '+') c = ' ';
  }
  return percent_decode(key);
}

}  // namespace

Async<Result<std::vector<UploadInfo>>> S3Store::list_uploads(std::string key) {
  Request http{.method = "GET", .counter = &RequestCounters::list};
  http.query = {
      {"uploads", ""}, {"prefix", key}, {"max-uploads", std::to_string(uploads_max)}, {"encoding-type", "url"}};
  auto answer = co_await requester_.ask(http, Requester::answer_size_max * 4);
  if (!answer) co_return answer.error();
  pugi::xml_document document;
  const bool parsed = document.load_buffer(answer->text().data(), answer->text().size(),
                                           pugi::parse_default | pugi::parse_ws_pcdata_single);
  const pugi::xml_node root = document.child("ListMultipartUploadsResult");
  if (!parsed || !root) {
    co_return requester_.wrong_document(http, answer->response, answer->text(), "the list of uploads is not whole");
  }
  const bool url_encoded = std::string_view(root.child_value("EncodingType")) == "url" ||
                           requester_.endpoint().vendor().uploads_encoded_silently;
  std::vector<UploadInfo> uploads;
  for (const pugi::xml_node node : root.children("Upload")) {
    const auto name = decode_key(node.child_value("Key"), url_encoded);
    if (!name) co_return requester_.wrong_answer(http, ErrorCode::data_corrupted, "a key in the list is malformed");
    if (*name != key) continue;  // a longer one
    UploadInfo upload;
    upload.key = key;
    upload.upload_id = node.child_value("UploadId");
    if (const auto time = parse_time(node.child_value("Initiated"))) upload.initiated = *time;
    uploads.push_back(std::move(upload));
    if (uploads.size() == uploads_max) break;
  }
  co_return uploads;
}

}  // namespace dth::objects::s3
