#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.h"

namespace dth::cli {

// Makes CLI11 take every value of every command's options exactly as it was typed. By itself it takes "[a,b]" of an option
// that may be given more than once for a list of values, and words that follow the value for more of them. Call it when all
// options are declared.
void take_values_as_typed(CLI::App& root);

// The words behind the program's name, made ready for CLI11, in the order typed. `--name=VALUE` becomes two words, because
// CLI11 takes `--name=` for a value that is still to come; `help` and `version`, where a command is expected, become --help and
// --version of that command. Errors: invalid_argument for a word that is neither a command nor an option, for a value that is
// missing or empty, and for a command that is missing. The message begins with the command ("run: ...") and names what may have been meant; it
// repeats what was typed, byte by byte. Pure.
Result<std::vector<std::string>> read_words(const CLI::App& root, const std::vector<std::string>& typed);

// The command that these words are for, as it is typed: "dth run list". For hints.
std::string command_of(const CLI::App& root, const std::vector<std::string>& typed);

// ` Did you mean "A"?`, or `, "A" or "B"?`; empty where nothing is close.
std::string did_you_mean(const std::string& typed, const std::vector<std::string>& known);

// `invalid value "xml" for --output: expected table, json or yaml`, and what may have been meant.
std::string not_a_choice(const std::string& option, const std::string& typed, const std::vector<std::string>& words);

}  // namespace dth::cli
