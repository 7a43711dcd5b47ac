#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "cli/command.h"

namespace dth::cli {

// The state that a command works with: what --database says, else DTH_DATABASE, else state.db in
// the program's own directory (paths.h): all commands of a user see the same runs. Errors:
// invalid_argument (what it takes is sqlite:FILE).
Result<std::filesystem::path> database_path(const std::string& given);

// Does `given` name none, and DTH_DATABASE neither?
bool is_default_database(const std::string& given);

// What a later command needs to find that state: " --database sqlite:FILE", or nothing where it
// looks there by itself.
std::string database_argument(const std::filesystem::path& path);

CommandOption& add_database_option(Command& command, std::string* given);

}  // namespace dth::cli
