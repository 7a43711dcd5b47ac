#include <pugixml.hpp>

#include "objects/etag.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<std::vector<PartInfo>>> S3Store::list_parts(std::string key, std::string upload_id) {
  std::vector<PartInfo> parts;
  for (std::uint32_t marker = 0;;) {
    Request http{.method = "GET",
                 .counter = &RequestCounters::list,
                 .key = key,
                 .key_use = KeyUse::read,
                 .of_upload = true};
    http.query = {{"uploadId", upload_id}, {"max-parts", "1000"}};
    if (marker > 0) http.query.emplace_back("part-number-marker", std::to_string(marker));
    auto answer = co_await requester_.ask(http, Requester::answer_size_max);
    if (!answer) co_return answer.error();
    pugi::xml_document document;
    const bool parsed = document.load_buffer(answer->text().data(), answer->text().size());
    const pugi::xml_node root = document.child("ListPartsResult");
    if (!parsed || !root) {
      co_return requester_.wrong_document(http, answer->response, answer->text(),
                                          "the list of parts is not whole");
    }
    // Numbers must rise: that bounds the loop by the greatest number a part may have.
    for (const pugi::xml_node node : root.children("Part")) {
      PartInfo part;
      part.part_number = node.child("PartNumber").text().as_uint();
      part.size = node.child("Size").text().as_ullong();
      part.etag = without_quotes(node.child_value("ETag"));
      if (part.part_number <= marker || part.part_number > limits().part_count_max) {
        co_return requester_.wrong_answer(http, ErrorCode::data_corrupted,
                                          "the parts in the list are not in order");
      }
      marker = part.part_number;
      parts.push_back(std::move(part));
    }
    const bool truncated = root.child("IsTruncated").text().as_bool();
    if (!truncated) co_return parts;
    const std::uint32_t next = root.child("NextPartNumberMarker").text().as_uint();
    if (!root.child("Part") || next < marker) {
      co_return requester_.wrong_answer(
          http, ErrorCode::data_corrupted,
          "the list of parts is truncated but does not say where it continues");
    }
    marker = std::max(marker, next);
  }
}

}  // namespace dth::objects::s3
