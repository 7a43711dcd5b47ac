#include "cli/database.h"

#include <cstdlib>

#include "cli/paths.h"

namespace dth::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view sqlite_prefix = "sqlite:";

Result<fs::path> parse_database(const std::string& given, const std::string& from) {
  if (given == "sqlite::memory:") {
    return Error{ErrorCode::invalid_argument,
                 from + ": a state in memory would be gone when the command ends; name a file", ""};
  }
  if (given.starts_with(sqlite_prefix) && given.size() > sqlite_prefix.size()) {
    fs::path path = fs::absolute(given.substr(sqlite_prefix.size()));
    std::error_code unknown;  // what cannot be asked is met when it is opened
    if (!fs::is_directory(path, unknown)) return path;
    return Error{ErrorCode::invalid_argument,
                 from + ": " + path.string() +
                     " is a directory; name a file in it: sqlite:" + (path / "state.db").string(),
                 ""};
  }
  std::string advice = "it takes sqlite:FILE";
  if (!given.empty() && given.find(':') == std::string::npos) advice += ": sqlite:" + given;
  return Error{ErrorCode::invalid_argument,
               from + ": \"" + given + "\" names no database that this version knows; " + advice,
               ""};
}

}  // namespace

Result<fs::path> database_path(const std::string& given) {
  if (!given.empty()) return parse_database(given, "--database");
  if (const char* variable = std::getenv("DTH_DATABASE"); variable && *variable)
    return parse_database(variable, "DTH_DATABASE");
  auto directory = state_directory();
  if (directory.has_error()) return directory.error();
  return *directory / "state.db";
}

bool is_default_database(const std::string& given) {
  const char* variable = std::getenv("DTH_DATABASE");
  return given.empty() && (variable == nullptr || *variable == '\0');
}

std::string database_argument(const fs::path& path) {
  const auto found = database_path("");
  if (found.has_value() && *found == path) return "";
  return " --database sqlite:" + path.string();
}

CommandOption& add_database_option(Command& command, std::string* given) {
  CommandOption& option =
      add_value(command, "--database", given,
                "where runs are recorded [$DTH_DATABASE, or sqlite:~/.local/state/dth/state.db]");
  option.placeholder = "sqlite:FILE";
  return option;
}

}  // namespace dth::cli
