#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dth::api {

// "text/html; charset=utf-8": type and parameters in lower case, but for the parameters' values.
struct MediaType {
  std::string type;  // "text/html"
  std::vector<std::pair<std::string, std::string>> parameters = {};

  std::string_view parameter(std::string_view name) const;  // empty where it is not there
};

// RFC 9110, section 8.3.1. Nothing for what is none.
std::optional<MediaType> parse_media_type(std::string_view text);

// Which of the `offered` types an Accept header wants most (RFC 9110, section 12.5.1): the highest
// q, then the one named more exactly, then the one named first, then the one offered first. No
// header, or an empty one, takes all. Nothing where it takes none.
std::optional<std::size_t> choose_media_type(std::optional<std::string_view> accept,
                                             std::span<const std::string_view> offered);

}  // namespace dth::api
