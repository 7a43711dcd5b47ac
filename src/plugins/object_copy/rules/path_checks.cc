#include "plugins/object_copy/rules/path_checks.h"

#include "base/encoding.h"
#include "objects/path_key.h"

namespace dth::object_copy {

std::optional<Error> PathChecks::see(const std::string& key) {
  if (key.empty()) return std::nullopt;  // a problem of its own
  if (auto problem = objects::path_problem(key)) {
    return Error{ErrorCode::invalid_argument,
                 "it cannot be the name of a file at the destination: the key " + *problem, ""};
  }
  while (!beginnings_.empty() && !key.starts_with(beginnings_.back())) beginnings_.pop_back();
  for (const std::string& file : beginnings_) {
    if (key[file.size()] != '/') continue;
    return Error{ErrorCode::already_exists,
                 "\"" + printable(file) +
                     "\" is an object too, so that it would have to be a file and a directory at "
                     "once at the destination; rename one "
                     "of them at the source",
                 ""};
  }
  // A folder's marker is a directory, and stands in nobody's way.
  if (!key.ends_with('/')) beginnings_.push_back(key);
  return std::nullopt;
}

}  // namespace dth::object_copy
