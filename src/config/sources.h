#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/setting_table.h"

namespace dth::config {

// What gives the value of a setting.
enum class Source { default_, file, variable, flag };

// What somebody gave for a setting, and where: "hub.yaml:3:9", "DTH_LISTEN", "--listen".
struct GivenValue {
  std::string text;
  std::string where;
};
using Values = std::map<std::string, GivenValue, std::less<>>;  // by the setting's name

// What is wrong, where, and what to do about it.
struct Problem {
  std::string where;
  std::string what;
  // invalid_argument: it is wrong in itself; permission_denied: it is not allowed without saying
  // so.
  ErrorCode code = ErrorCode::invalid_argument;
  std::string to_string() const { return where + ": " + what; }
};

struct Given {
  Values values;
  std::vector<Problem> problems;
};

// A YAML file of one mapping: keys are the settings' names, values scalars, or lists of these for
// lists. Unknown keys, and keys given twice, are problems, and so is a file that cannot be read, is
// longer than 1 MiB or is no YAML. Anchors and tags are not followed; an empty file is fine.
Given read_file(const std::string& path);
// The same of text; `name` is what places are told with.
Given parse_file(const std::string& text, const std::string& name);

// The variables of the settings; an empty one counts as not given. Other variables are others' and
// passed over.
Values read_environment(const std::function<const char*(const char*)>& variable);

}  // namespace dth::config
