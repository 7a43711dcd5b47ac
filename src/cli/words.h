#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace dth::cli {

struct Command;

// The words behind the program's name, made ready for CLI11, in the order typed. `--name=VALUE`
// becomes two words, because CLI11 takes `--name=` for a value that is still to come; `help` and
// `version`, where a command is expected, become --help and
// --version of that command. Errors: invalid_argument for a word that is neither a command nor an
// option, for a value that is missing or empty, and for a command that is missing. The message
// begins with the command ("run: ...") and names what may have been meant; it repeats what was
// typed, byte by byte. Pure.
Result<std::vector<std::string>> read_words(const Command& program,
                                            const std::vector<std::string>& typed);

// The command that these words are for, as it is typed: "dth run list". For hints.
std::string command_of(const Command& program, const std::vector<std::string>& typed);

// ` Did you mean "A"?`, or `, "A" or "B"?`; empty where nothing is close.
std::string did_you_mean(const std::string& typed, const std::vector<std::string>& known);

// `invalid value "xml" for --output: expected table, json or yaml`, and what may have been meant.
std::string not_a_choice(const std::string& option, const std::string& typed,
                         const std::vector<std::string>& words);

}  // namespace dth::cli
