#pragma once

#include <string>

#include "base/error.h"

namespace dth::cli {

// Asks somebody at the terminal, on standard error, so that answers on standard output stay whole.
// invalid_argument where standard input ends. What is typed is not shown where it is `secret`;
// where standard input is no terminal, a line of it is the answer.
enum class Echo { shown, secret };
Result<std::string> ask(const std::string& question, Echo echo);

// The first line of standard input, for "-".
Result<std::string> line_of_input(const std::string& what);

// A new password, asked for twice at a terminal, once elsewhere.
Result<std::string> ask_new_password();

}  // namespace dth::cli
