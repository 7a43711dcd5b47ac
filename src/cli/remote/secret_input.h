#pragma once

#include <string>

#include "base/error.h"

namespace dth::cli {

// A secret from outside of the command line: "-" is a line of standard input, which is asked for at
// a terminal without showing it; else a file, without the newline at its end. `what` is how
// questions and messages call it. Errors: invalid_argument, also for an empty one.
Result<std::string> read_secret(const std::string& what, const std::string& source);

// A file as it is, or standard input for "-": up to `bytes_max`.
Result<std::string> read_input(const std::string& source, std::size_t bytes_max);

}  // namespace dth::cli
