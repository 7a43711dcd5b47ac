#include "plugins/object_copy/rules/copy_problem.h"

namespace dth::object_copy {

std::optional<Error> find_problem(const CopyOptions& options, const objects::StoreLimits& limits,
                                  const objects::ObjectInfo& source) {
  const std::string key = options.destination_key_of(source.key);
  if (key.size() > limits.key_size_max) {
    return Error{ErrorCode::invalid_argument,
                 "the key would be " + std::to_string(key.size()) +
                     " bytes long at the destination, which takes at most " +
                     std::to_string(limits.key_size_max) + "; choose a shorter destination prefix",
                 ""};
  }
  if (key.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "the key is the source's prefix itself, so nothing is left of it at the "
                 "destination; give the "
                 "destination a prefix",
                 ""};
  }
  if (source.size.known() && source.size.value() > limits.object_size_max) {
    return Error{ErrorCode::invalid_argument,
                 "the object has " + std::to_string(source.size.value()) +
                     " bytes; the destination takes at most " +
                     std::to_string(limits.object_size_max),
                 ""};
  }
  if (is_archived(source.storage_class) && options.archived != ArchivedRule::restore) {
    return Error{ErrorCode::unsupported,
                 "the object is archived (" + source.storage_class +
                     "): run again with --archived restore, which has the source restore it, "
                     "and waits; restored ones are copied at once",
                 ""};
  }
  return std::nullopt;
}

}  // namespace dth::object_copy
