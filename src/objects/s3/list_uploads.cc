#include <iterator>

#include <pugixml.hpp>

#include "base/encoding.h"
#include "objects/s3/listed_time.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {
namespace {

constexpr std::size_t page_uploads_max = 1'000;
constexpr int pages_max = 1'000;

// A key as the answer carries it; nothing where it is not encoded as announced.
std::optional<std::string> decode_key(std::string key, bool url_encoded) {
  if (!url_encoded) return key;
  for (char& c : key) {
    if (c == '+') c = ' ';
  }
  return percent_decode(key);
}

// Some servers list the bucket in answer, because they do not know the parameter; others say that
// it, or its value, is wrong.
bool does_not_list_uploads(const Error& error) {
  return error.code == ErrorCode::invalid_argument || error.code == ErrorCode::internal ||
         (error.code == ErrorCode::not_found && error.reason != ErrorReason::bucket_missing);
}

struct UploadsPage {
  std::vector<UploadInfo> uploads;    // of the key
  std::string key_marker, id_marker;  // of the next page; both empty: there is none
};

Result<UploadsPage> read_page(const pugi::xml_node& root, const std::string& key,
                              bool url_encoded) {
  const auto wrong = [](const char* what) { return Error{ErrorCode::data_corrupted, what, ""}; };
  UploadsPage page;
  for (const pugi::xml_node node : root.children("Upload")) {
    const auto name = decode_key(node.child_value("Key"), url_encoded);
    if (!name) return wrong("a key in the list is malformed");
    if (*name != key) continue;  // a longer one
    UploadInfo upload;
    upload.key = key;
    upload.upload_id = node.child_value("UploadId");
    if (const auto time = parse_listed_time(node.child_value("Initiated")))
      upload.initiated = *time;
    page.uploads.push_back(std::move(upload));
  }
  if (!root.child("IsTruncated").text().as_bool()) return page;
  const auto marker = decode_key(root.child_value("NextKeyMarker"), url_encoded);
  if (!marker || marker->empty())
    return wrong("the list of uploads is truncated but does not say where it continues");
  // In the order of keys: once the marker is behind ours, none of ours follows.
  if (*marker > key) return page;
  page.key_marker = *marker;
  page.id_marker = root.child_value("NextUploadIdMarker");
  return page;
}

}  // namespace

Async<Result<std::vector<UploadInfo>>> S3Store::list_uploads(std::string key) {
  std::vector<UploadInfo> uploads;
  std::string key_marker, id_marker;
  for (int pages = 0; pages < pages_max; ++pages) {
    Request http{.method = "GET", .counter = &RequestCounters::list};
    http.query = {{"uploads", ""},
                  {"prefix", key},
                  {"max-uploads", std::to_string(page_uploads_max)},
                  {"encoding-type", "url"}};
    if (!key_marker.empty()) http.query.emplace_back("key-marker", key_marker);
    if (!id_marker.empty()) http.query.emplace_back("upload-id-marker", id_marker);
    auto answer = co_await requester_.ask(http, Requester::answer_size_max * 4);
    if (!answer) {
      Error error = answer.error();
      if (does_not_list_uploads(error)) error.code = ErrorCode::unsupported;
      co_return error;
    }
    pugi::xml_document document;
    const bool parsed = document.load_buffer(answer->text().data(), answer->text().size(),
                                             pugi::parse_default | pugi::parse_ws_pcdata_single);
    const pugi::xml_node root = document.child("ListMultipartUploadsResult");
    if (!parsed || !root) {
      if (parsed && document.child("ListBucketResult")) {
        co_return requester_.wrong_answer(
            http, ErrorCode::unsupported,
            "the store lists the bucket's objects in place of its uploads");
      }
      co_return requester_.wrong_document(http, answer->response, answer->text(),
                                          "the list of uploads is not whole");
    }
    const bool url_encoded = std::string_view(root.child_value("EncodingType")) == "url" ||
                             requester_.endpoint().vendor().uploads_encoded_silently;
    auto page = read_page(root, key, url_encoded);
    if (page.has_error())
      co_return requester_.wrong_answer(http, page.error().code, page.error().message);
    uploads.insert(uploads.end(), std::make_move_iterator(page->uploads.begin()),
                   std::make_move_iterator(page->uploads.end()));
    if (page->key_marker.empty()) co_return uploads;
    if (page->key_marker == key_marker && page->id_marker == id_marker) {
      co_return requester_.wrong_answer(
          http, ErrorCode::data_corrupted,
          "the list of uploads is truncated but does not say where it continues");
    }
    key_marker = std::move(page->key_marker);
    id_marker = std::move(page->id_marker);
  }
  Request http{.method = "GET"};
  co_return requester_.wrong_answer(http, ErrorCode::data_corrupted,
                                    "the list of the key's open uploads has no end");
}

}  // namespace dth::objects::s3
