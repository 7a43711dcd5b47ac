#include "request.h"

#include <charconv>

#include "base/encoding.h"

namespace dth::bench {
namespace {

template <class Pairs>
const std::string* find(const Pairs& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

bool parse_target(std::string_view target, Request* request) {
  const std::size_t question = target.find('?');
  request->path = std::string(target.substr(0, question));
  if (request->path.empty() || request->path[0] != '/') return false;
  const std::string_view path = std::string_view(request->path).substr(1);
  const std::size_t slash = path.find('/');
  auto bucket = percent_decode(path.substr(0, slash));
  auto key = percent_decode(slash == path.npos ? std::string_view() : path.substr(slash + 1));
  if (!bucket || !key) return false;
  request->bucket = std::move(*bucket);
  request->key = std::move(*key);
  std::string_view query =
      question == target.npos ? std::string_view() : target.substr(question + 1);
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == query.npos ? std::string_view() : query.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals));
    auto value = percent_decode(equals == pair.npos ? std::string_view() : pair.substr(equals + 1));
    if (!name || !value) return false;
    request->query.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

}  // namespace

const std::string* Request::header(std::string_view name) const { return find(headers, name); }
const std::string* Request::parameter(std::string_view name) const { return find(query, name); }

std::optional<Request> parse_request(std::string_view head) {
  std::size_t end = head.find("\r\n");
  const std::string_view line = head.substr(0, end);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == line.npos || last == first || line.substr(last + 1) != "HTTP/1.1")
    return std::nullopt;
  Request request;
  request.method = std::string(line.substr(0, first));
  if (!parse_target(line.substr(first + 1, last - first - 1), &request)) return std::nullopt;
  request.headers.reserve(16);
  while (end != head.npos) {
    head.remove_prefix(end + 2);
    end = head.find("\r\n");
    const std::string_view field = head.substr(0, end);
    if (field.empty()) continue;
    const std::size_t colon = field.find(':');
    if (colon == field.npos) return std::nullopt;
    request.headers.emplace_back(lower(field.substr(0, colon)),
                                 std::string(trim(field.substr(colon + 1))));
  }
  return request;
}

std::optional<unsigned long long> parse_number(std::string_view text) {
  unsigned long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace dth::bench
