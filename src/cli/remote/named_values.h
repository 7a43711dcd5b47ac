#pragma once

#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "base/error.h"

namespace dth::cli {

// What was typed as NAME=VALUE, once or several times, as the API takes it: [{"name": …, "value":
// …}]. `option` is how messages call it. Errors: invalid_argument.
Result<boost::json::array> named_values(const std::string& option,
                                        const std::vector<std::string>& typed);

}  // namespace dth::cli
