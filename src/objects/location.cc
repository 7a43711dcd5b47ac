#include "objects/location.h"

#include <algorithm>

#include "base/encoding.h"

namespace dth::objects {
namespace {

Error bad_location(std::string_view text, const std::string& why) {
  return Error{ErrorCode::invalid_argument,
               "\"" + printable(text) + "\" is no location: " + why +
                   "; write s3://bucket, s3://bucket/prefix/ or s3://bucket/name, or a path that "
                   "begins with /, ./ or ../",
               ""};
}

bool is_bucket_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

constexpr std::string_view file_scheme = "file://";

bool is_dots(std::string_view name) { return name == "." || name == ".."; }

// "/" for what is nothing but slashes.
std::string without_trailing_slashes(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path.empty() ? "/" : std::string(path);
}

Location parse_path(std::string_view path) {
  Location location;
  location.scheme = "file";
  const std::size_t name = path.rfind('/') + 1;
  const bool whole = name == path.size() || is_dots(path.substr(name));
  location.bucket = without_trailing_slashes(whole ? path : path.substr(0, name));
  if (!whole) location.key = path.substr(name);
  return location;
}

}  // namespace

std::string Location::to_string() const {
  if (scheme == "file") return printable(bucket == "/" ? bucket + key : bucket + "/" + key);
  return "s3://" + bucket + "/" + printable(key);
}

Result<Location> parse_location(std::string_view text) {
  static constexpr std::string_view scheme = "s3://";
  if (text.starts_with('/')) return parse_path(text);
  if (text.starts_with(file_scheme)) {
    if (!text.substr(file_scheme.size()).starts_with('/'))
      return bad_location(text, "a file's path begins with a slash: file:///path");
    return parse_path(text.substr(file_scheme.size()));
  }
  if (!text.starts_with(scheme))
    return bad_location(text, "it begins neither with s3:// nor with a slash");
  const std::string_view rest = text.substr(scheme.size());
  const std::size_t slash = rest.find('/');
  Location location;
  location.bucket = std::string(rest.substr(0, slash));
  if (slash != std::string_view::npos) location.key = std::string(rest.substr(slash + 1));
  if (location.bucket.empty()) return bad_location(text, "it names no bucket");
  if (location.bucket.size() < 3 || location.bucket.size() > 255 ||
      !std::all_of(location.bucket.begin(), location.bucket.end(), is_bucket_character) ||
      location.bucket.find("..") != std::string::npos) {
    return bad_location(text,
                        "\"" + printable(location.bucket) + "\" cannot be the name of a bucket");
  }
  return location;
}

std::string absolute_location(std::string_view text, const std::string& directory) {
  if (!is_dots(text) && !text.starts_with("./") && !text.starts_with("../"))
    return std::string(text);
  while (text.starts_with("./")) text.remove_prefix(2);
  if (text == ".") text = "";
  return (directory == "/" ? directory : directory + "/") + std::string(text);
}

}  // namespace dth::objects
