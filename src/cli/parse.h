#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/command.h"

namespace dth::cli {

// What a command line asks for: a text that is to be printed (--help, --version), or a command,
// whose options have been taken.
using Parsed = std::variant<std::string, const Command*>;

// Reads the words behind the program's name by CLI11, which this source alone includes. `version`
// is what --version prints. Errors: invalid_argument with a sentence for people; those of
// read_words(), and of CommandOption::take.
Result<Parsed> parse(const Command& program, const std::string& version,
                     const std::vector<std::string>& typed);

}  // namespace dth::cli
