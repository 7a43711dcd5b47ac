#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dth::bench {

// What S3 answers instead of doing what was asked.
struct S3Error {
  int status = 500;
  std::string code;
  std::string message;
};

// The head of a request. Path style only: /bucket/key.
struct Request {
  std::string method;
  std::string path;                                          // as sent, percent-encoded
  std::string bucket;                                        // decoded
  std::string key;                                           // decoded
  std::vector<std::pair<std::string, std::string>> query;    // decoded, in the order sent
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, values trimmed

  // The first header of that (lower-case) name; nullptr where there is none.
  const std::string* header(std::string_view name) const;
  // The query parameter; "" counts as present. nullptr where there is none.
  const std::string* parameter(std::string_view name) const;
};

// Parses a head, without the empty line at its end. Nothing for what is not HTTP/1.1.
std::optional<Request> parse_request(std::string_view head);

// A number in decimal that fills the whole text.
std::optional<unsigned long long> parse_number(std::string_view text);

}  // namespace dth::bench
