#include "net/response_parser.h"

#include <algorithm>
#include <charconv>

#include "net/header_text.h"

namespace dth::net {
namespace {

constexpr std::string_view version = "HTTP/1.";

Error too_long() {
  return Error{ErrorCode::data_corrupted, "the header lines of the answer are longer than is accepted", ""};
}

Error not_http(std::string why) {
  return Error{ErrorCode::data_corrupted,
               "the answer is not valid HTTP; check that the endpoint speaks HTTP at this port", std::move(why)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Could it become a status line? Who speaks something else may never end a line.
bool may_begin_status_line(std::string_view text) {
  const std::size_t size = std::min(text.size(), version.size());
  return text.substr(0, size) == version.substr(0, size);
}

}  // namespace

void ResponseParser::reset(bool is_head, std::uint32_t header_size_max) {
  step_ = Step::status_line;
  is_head_ = is_head;
  size_left_ = header_size_max;
  looked_at_ = 0;
  status_ = 0;
  is_http_1_0_ = says_close_ = says_keep_alive_ = is_chunked_ = false;
  content_length_.reset();
  headers_.clear();
}

Result<std::size_t> ResponseParser::feed_head(Bytes bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::size_t taken = 0;
  while (step_ != Step::done) {
    const std::string_view rest = text.substr(taken);
    const std::size_t end = rest.find('\n', looked_at_);
    const std::size_t size = end == rest.npos ? rest.size() : end + 1;
    if (step_ == Step::status_line && !may_begin_status_line(rest)) return not_http("it does not begin with HTTP/1");
    if (size > size_left_) return too_long();
    if (end == rest.npos) {
      looked_at_ = size;
      break;
    }
    if (auto wrong = take_line(rest.substr(0, size))) return *std::move(wrong);
    size_left_ -= size;
    looked_at_ = 0;
    taken += size;
  }
  return taken;
}

// With the end of line.
std::optional<Error> ResponseParser::take_line(std::string_view line) {
  if (line.size() < 2 || line[line.size() - 2] != '\r') return not_http("a line does not end in CR LF");
  if (step_ == Step::status_line) {
    step_ = Step::fields;
    return take_status_line(line.substr(0, line.size() - 2));
  }
  if (line.size() == 2) {
    step_ = Step::done;
    if (is_chunked_ && content_length_) return not_http("both Content-Length and Transfer-Encoding");
    return std::nullopt;
  }
  return take_field(line);
}

// "HTTP/1.1 200 OK", of which may_begin_status_line(). The reason is for people, and some servers leave it out, with the space before it.
std::optional<Error> ResponseParser::take_status_line(std::string_view line) {
  constexpr std::size_t status_end = std::string_view("HTTP/1.1 200").size();
  const bool is_version = line.size() >= status_end && (line[version.size()] == '1' || line[version.size()] == '0') &&
                          line[version.size() + 1] == ' ';
  if (!is_version) return not_http("its first line does not begin with HTTP/1.1 and a status");
  is_http_1_0_ = line[version.size()] == '0';
  const std::string_view digits = line.substr(status_end - 3, 3);
  if (!std::ranges::all_of(digits, is_digit) || digits[0] == '0' || (line.size() > status_end && line[status_end] != ' ')) {
    return not_http("its status is no number of three digits");
  }
  if (!is_field_text(line.substr(status_end))) return not_http("a control character in its first line");
  std::from_chars(digits.data(), digits.data() + digits.size(), status_);
  return std::nullopt;
}

std::optional<Error> ResponseParser::take_field(std::string_view line) {
  const std::string_view text = line.substr(0, line.size() - 2);
  if (is_blank(text.front())) {
    if (headers_.empty()) return not_http("its first header line begins with a space");
    if (!is_field_text(text)) return not_http("a control character in a header line");
    headers_.continue_last(line, trimmed(text));
    return heed(headers_[headers_.size() - 1]);
  }
  const std::size_t name_size = token_size(text);
  if (name_size == 0 || name_size == text.size() || text[name_size] != ':') return not_http("a header line without a name");
  const HttpHeader field{text.substr(0, name_size), trimmed(text.substr(name_size + 1))};
  if (!is_field_text(field.value)) return not_http("a control character in a header line");
  headers_.push_back_line(line, field);
  return heed(field);
}

// What says how the message goes on after its head (RFC 9112, 6 and 9.3).
std::optional<Error> ResponseParser::heed(HttpHeader field) {
  switch (field.name.size()) {
    case std::string_view("Connection").size():
    case std::string_view("Proxy-Connection").size():
      if (!equals_ignoring_case(field.name, "Connection") && !equals_ignoring_case(field.name, "Proxy-Connection")) break;
      says_close_ = says_close_ || has_element(field.value, "close");
      says_keep_alive_ = says_keep_alive_ || has_element(field.value, "keep-alive");
      break;
    case std::string_view("Content-Length").size():
      if (equals_ignoring_case(field.name, "Content-Length")) return heed_length(field.value);
      break;
    case std::string_view("Transfer-Encoding").size():
      if (!equals_ignoring_case(field.name, "Transfer-Encoding")) break;
      if (is_chunked_ || !equals_ignoring_case(field.value, "chunked")) {
        return not_http("a transfer coding that was not asked for");
      }
      is_chunked_ = true;
      break;
    default:
      break;
  }
  return std::nullopt;
}

// Said twice it must be the same.
std::optional<Error> ResponseParser::heed_length(std::string_view value) {
  for (bool more = true; more;) {
    more = value.find(',') != value.npos;
    const std::string_view element = next_element(&value);
    std::uint64_t length = 0;
    const auto [end, failure] = std::from_chars(element.data(), element.data() + element.size(), length);
    if (failure != std::errc() || end != element.data() + element.size()) return not_http("Content-Length is no number");
    if (content_length_ && *content_length_ != length) return not_http("two values of Content-Length");
    content_length_ = length;
  }
  return std::nullopt;
}

bool ResponseParser::keep_alive() const {
  // A coding that HTTP/1.0 does not know makes its end doubtful (RFC 9112, 6.1).
  if (is_http_1_0_ && (!says_keep_alive_ || is_chunked_)) return false;
  return !says_close_ && framing() != Framing::until_close;
}

ResponseParser::Framing ResponseParser::framing() const {
  if (is_head_ || status_ < 200 || status_ == 204 || status_ == 304) return Framing::none;
  if (is_chunked_) return Framing::chunked;
  if (!content_length_) return Framing::until_close;
  return *content_length_ == 0 ? Framing::none : Framing::length;
}

}  // namespace dth::net
