#include "objects/s3/answer.h"

#include <algorithm>

#include "net/header_text.h"

namespace dth::objects::s3 {
namespace {

constexpr std::string_view white_space = " \t\r\n";

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && net::equals_ignoring_case(text.substr(0, word.size()), word);
}

bool has_amz_header(const net::HttpResponse& response) {
  return std::any_of(
      response.headers.begin(), response.headers.end(),
      [](const net::HttpHeader& header) { return starts_with_word(header.name, "x-amz-"); });
}

// An object may be HTML too: it is one where nothing else of S3's is said of it.
bool looks_like_a_page(const net::HttpResponse& response) {
  return starts_with_word(response.header("content-type"), "text/html") &&
         !has_amz_header(response);
}

}  // namespace

bool is_page(std::string_view body) {
  body.remove_prefix(std::min(body.find_first_not_of(white_space), body.size()));
  if (body.starts_with("\xef\xbb\xbf")) body.remove_prefix(3);
  if (body.empty()) return false;
  if (body.front() != '<' || starts_with_word(body, "<!doctype") || starts_with_word(body, "<html"))
    return true;
  // Well-formed HTML may begin as any document does.
  const std::size_t root = body.starts_with("<?") ? body.find('<', 2) : 0;
  return root != body.npos && (starts_with_word(body.substr(root), "<!doctype") ||
                               starts_with_word(body.substr(root), "<html"));
}

std::string_view find_foreign(AnswerKind kind, const AnswerSigns& signs,
                              const net::HttpResponse& response, std::string_view etag,
                              std::string_view body) {
  if (signs.request_ids && response.header("x-amz-request-id").empty()) {
    if (signs.request_id_promised) return "it has no request id";
    if (looks_like_a_page(response)) return "it is a page";
  }
  if (kind != AnswerKind::object && is_page(body)) return "it is a page";
  if (kind == AnswerKind::done || !etag.empty()) return "";
  // Some stores have none of a folder's marker. Then what else S3 says of an object tells.
  const bool says_as_much = signs.etags == AnswerSigns::Known::seen && kind == AnswerKind::object &&
                            !response.header("last-modified").empty() &&
                            !looks_like_a_page(response);
  const bool has_etags =
      signs.etags == AnswerSigns::Known::yes || signs.etags == AnswerSigns::Known::seen;
  if (has_etags && !says_as_much) return "it has no ETag";
  const bool is_object = kind != AnswerKind::object || !looks_like_a_page(response) ||
                         !response.header("last-modified").empty();
  return is_object ? "" : "it is a page";
}

}  // namespace dth::objects::s3
