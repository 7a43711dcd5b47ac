#include "plugins/object_copy/location.h"

#include <algorithm>

#include "base/encoding.h"

namespace dth::object_copy {
namespace {

Error bad_location(std::string_view text, const std::string& why) {
  return Error{ErrorCode::invalid_argument,
               "\"" + printable(text) + "\" is no location: " + why + "; write s3://bucket, s3://bucket/prefix/ or s3://bucket/name", ""};
}

bool is_bucket_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_whole(const Location& location) { return location.key.empty() || location.key.ends_with('/'); }

}  // namespace

std::string Location::to_string() const { return "s3://" + bucket + "/" + printable(key); }

Result<Location> parse_location(std::string_view text) {
  static constexpr std::string_view scheme = "s3://";
  if (!text.starts_with(scheme)) return bad_location(text, "it does not begin with s3://");
  const std::string_view rest = text.substr(scheme.size());
  const std::size_t slash = rest.find('/');
  Location location;
  location.bucket = std::string(rest.substr(0, slash));
  if (slash != std::string_view::npos) location.key = std::string(rest.substr(slash + 1));
  if (location.bucket.empty()) return bad_location(text, "it names no bucket");
  if (location.bucket.size() < 3 || location.bucket.size() > 255 ||
      !std::all_of(location.bucket.begin(), location.bucket.end(), is_bucket_character) ||
      location.bucket.find("..") != std::string::npos) {
    return bad_location(text, "\"" + printable(location.bucket) + "\" cannot be the name of a bucket");
  }
  return location;
}

Result<CopyOptions> plan_locations(const Location& source, const Location& destination, bool prefix_match) {
  CopyOptions options;
  options.source_key = source.key;
  options.destination_key = destination.key;
  if (is_whole(source) || prefix_match) {
    options.scope = SourceScope::prefix;
    if (!is_whole(destination) && !prefix_match) {
      return Error{ErrorCode::invalid_argument,
                   "the source " + source.to_string() + " stands for many objects, the destination " +
                       destination.to_string() + " for one; end the destination with a slash",
                   ""};
    }
    return options;
  }
  options.scope = SourceScope::object;
  if (is_whole(destination)) options.destination_key += source.key.substr(source.key.rfind('/') + 1);
  return options;
}

Result<void> check_overlap(const CopyOptions& options) {
  const std::string& from = options.source_key;
  const std::string& to = options.destination_key;
  if (options.in_place) return Result<void>();
  if (from == to) {
    return Error{ErrorCode::invalid_argument,
                 "source and destination are the same place: there is nothing to copy; to rewrite objects where they are, say "
                 "what is to change (--storage-class, --encryption, --metadata, --tag, ...)",
                 ""};
  }
  const bool overlap = options.scope == SourceScope::prefix && (to.starts_with(from) || from.starts_with(to));
  if (overlap) {
    return Error{ErrorCode::invalid_argument,
                 "source and destination overlap: one lies within the other, in the same bucket, so the copy would read "
                 "what it writes; choose prefixes of which neither begins with the other",
                 ""};
  }
  return Result<void>();
}

}  // namespace dth::object_copy
