#include "cli/remote/named_values.h"

#include <boost/json.hpp>

#include "base/encoding.h"

namespace dth::cli {

Result<boost::json::array> named_values(const std::string& option,
                                        const std::vector<std::string>& typed) {
  boost::json::array values;
  for (const std::string& text : typed) {
    const std::size_t equals = text.find('=');
    if (equals == text.npos || equals == 0) {
      return Error{
          ErrorCode::invalid_argument,
          "invalid value \"" + printable(text) + "\" for " + option + ": expected NAME=VALUE", ""};
    }
    values.push_back(
        boost::json::object{{"name", text.substr(0, equals)}, {"value", text.substr(equals + 1)}});
  }
  return values;
}

}  // namespace dth::cli
