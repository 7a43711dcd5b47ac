#include "base/json_reader.h"

namespace dth {

namespace json = boost::json;

Result<json::value> parse_json(std::string_view text, std::string_view what,
                               const JsonReadOptions& options) {
  json::parse_options wanted;
  wanted.max_depth = options.depth_max;
  wanted.allow_invalid_utf8 = options.any_bytes;
  unsigned char stack[4096];
  json::parser parser({}, wanted, stack);
  parser.reset(options.memory);
  boost::system::error_code error;
  const std::size_t parsed = parser.write_some(text.data(), text.size(), error);
  if (!error && parsed == text.size()) return parser.release();
  std::string message(what);
  if (error == json::error::too_deep) {
    message += " nests more than " + std::to_string(options.depth_max) + " levels deep";
  } else if (text.empty()) {
    message += " is empty, where JSON is wanted";
  } else {
    message += " is not JSON: it breaks off or goes wrong after byte " + std::to_string(parsed);
  }
  return Error{ErrorCode::data_corrupted, std::move(message), ""};
}

}  // namespace dth
