#include "plugins/object_copy/location.h"

namespace dth::object_copy {
namespace {

bool is_whole(const Location& location) {
  return location.key.empty() || location.key.ends_with('/');
}

}  // namespace

Result<CopyOptions> plan_locations(const Location& source, const Location& destination,
                                   bool prefix_match) {
  CopyOptions options;
  options.source_key = source.key;
  options.destination_key = destination.key;
  if (is_whole(source) || prefix_match) {
    options.scope = SourceScope::prefix;
    if (!is_whole(destination) && !prefix_match) {
      return Error{ErrorCode::invalid_argument,
                   "the source " + source.to_string() +
                       " stands for many objects, the destination " + destination.to_string() +
                       " for one; end the destination with a slash",
                   ""};
    }
    return options;
  }
  options.scope = SourceScope::object;
  if (is_whole(destination))
    options.destination_key += source.key.substr(source.key.rfind('/') + 1);
  return options;
}

Result<void> check_overlap(const CopyOptions& options) {
  const std::string& from = options.source_key;
  const std::string& to = options.destination_key;
  if (options.in_place) return Result<void>();
  if (from == to) {
    return Error{ErrorCode::invalid_argument,
                 "source and destination are the same place: there is nothing to copy; to rewrite "
                 "objects where they are, say "
                 "what is to change (--storage-class, --encryption, --metadata, --tag, ...)",
                 ""};
  }
  const bool overlap =
      options.scope == SourceScope::prefix && (to.starts_with(from) || from.starts_with(to));
  if (overlap) {
    return Error{ErrorCode::invalid_argument,
                 "source and destination overlap: one lies within the other, in the same bucket or "
                 "directory, so the copy would read "
                 "what it writes; choose prefixes of which neither begins with the other",
                 ""};
  }
  return Result<void>();
}

Result<void> check_directory_overlap(const std::string& source, const std::string& destination,
                                     CopyOptions options) {
  options.source_key = source + options.source_key;
  options.destination_key = destination + options.destination_key;
  return check_overlap(options);
}

}  // namespace dth::object_copy
