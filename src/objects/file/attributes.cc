#include "objects/file/attributes.h"

#include <algorithm>
#include <cerrno>
#include <charconv>

#include <sys/xattr.h>

#include "base/encoding.h"
#include "objects/file/content_type.h"
#include "objects/file/errors.h"
#include "objects/file/token.h"

namespace dth::objects::file {
namespace {

constexpr const char* attribute = "user.dth.object";
constexpr std::size_t attributes_size_max = 64 << 10;  // what Linux allows
constexpr std::string_view user_prefix = "meta-";

struct Field {
  std::string_view name;
  std::string ObjectMetadata::*member;
};
constexpr Field fields[] = {
    {"content-type", &ObjectMetadata::content_type},
    {"content-encoding", &ObjectMetadata::content_encoding},
    {"content-language", &ObjectMetadata::content_language},
    {"content-disposition", &ObjectMetadata::content_disposition},
    {"cache-control", &ObjectMetadata::cache_control},
    {"expires", &ObjectMetadata::expires},
    {"website-redirect-location", &ObjectMetadata::website_redirect_location},
};

struct Digests {
  std::string_view name;
  std::string Checksums::*member;
};
constexpr Digests digests[] = {{"crc64nvme", &Checksums::crc64nvme},
                               {"crc32c", &Checksums::crc32c},
                               {"sha256", &Checksums::sha256}};

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\n\0", 2)) == text.npos;
}

void add_time(std::string_view name, const Reported<TimePoint>& time, std::string* text) {
  if (time.known())
    text->append(name)
        .append(": ")
        .append(std::to_string(time.value().time_since_epoch().count()))
        .append("\n");
}

Reported<TimePoint> read_time(std::string_view value) {
  std::int64_t count = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), count);
  if (failure != std::errc() || end != value.data() + value.size()) return {};
  return TimePoint(std::chrono::microseconds(count));
}

bool says_there_is_none(int problem) {
  return problem == ENODATA || problem == EOPNOTSUPP || problem == ENOSYS;
}

// Does the file system list our attribute among those of this file? Not where it cannot list any.
bool is_listed(int file) {
  std::string names(attributes_size_max, '\0');
  const ssize_t size = attribute_calls.list(file, names.data(), names.size());
  if (size < 0) return errno == ERANGE;  // so many that nobody knows
  names.resize(static_cast<std::size_t>(size));
  for (std::size_t begin = 0; begin < names.size(); begin = names.find('\0', begin) + 1) {
    if (std::string_view(names.c_str() + begin) == attribute) return true;
    if (names.find('\0', begin) == names.npos) break;
  }
  return false;
}

}  // namespace

bool is_same_time(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

std::string format_attributes(const Attributes& attributes) {
  std::string text;
  const auto add = [&text](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    text.append(name).append(": ").append(value).append("\n");
  };
  for (const Field& field : fields) add(field.name, attributes.metadata.*field.member);
  for (const auto& [name, value] : attributes.metadata.user)
    text.append(user_prefix).append(name).append(": ").append(value).append("\n");
  bool any = false;
  for (const Digests& digest : digests) {
    add(digest.name, attributes.checksums.*digest.member);
    any = any || !(attributes.checksums.*digest.member).empty();
  }
  if (is_one_line(attributes.origin.etag)) add("origin-etag", attributes.origin.etag);
  add_time("origin-modified", attributes.origin.modified, &text);
  add_time("origin-read-from", attributes.origin.read_from, &text);
  if (any || attributes.origin.known())
    add("checksums-of",
        std::to_string(attributes.checksums_size) + " " + format_mtime(attributes.checksums_mtime));
  if (attributes.marker_written != TimePoint{})
    add("marker-written", std::to_string(attributes.marker_written.time_since_epoch().count()));
  return text;
}

Attributes parse_attributes(std::string_view text) {
  Attributes attributes;
  bool bound = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t colon = line.find(": ");
    if (colon == line.npos) continue;
    const std::string_view name = line.substr(0, colon), value = line.substr(colon + 2);
    for (const Field& field : fields) {
      if (name == field.name) attributes.metadata.*field.member = value;
    }
    for (const Digests& digest : digests) {
      if (name == digest.name) attributes.checksums.*digest.member = value;
    }
    if (name == "origin-etag") attributes.origin.etag = value;
    if (name == "origin-modified") attributes.origin.modified = read_time(value);
    if (name == "origin-read-from") attributes.origin.read_from = read_time(value);
    if (name.starts_with(user_prefix))
      attributes.metadata.user.emplace_back(name.substr(user_prefix.size()), value);
    if (name == "checksums-of") {
      const auto [next, failure] =
          std::from_chars(value.data(), value.data() + value.size(), attributes.checksums_size);
      const auto mtime = parse_mtime(value.substr(
          std::min<std::size_t>(static_cast<std::size_t>(next - value.data()) + 1, value.size())));
      bound = failure == std::errc() && mtime.has_value();
      if (mtime) attributes.checksums_mtime = *mtime;
    }
    if (name == "marker-written") {
      std::int64_t count = 0;
      std::from_chars(value.data(), value.data() + value.size(), count);
      attributes.marker_written = TimePoint(std::chrono::microseconds(count));
    }
  }
  if (!bound) attributes.checksums = {};
  std::sort(attributes.metadata.user.begin(), attributes.metadata.user.end());
  return attributes;
}

std::optional<std::string> attributes_problem(const ObjectMetadata& metadata) {
  for (const Field& field : fields) {
    if (!is_one_line(metadata.*field.member))
      return std::string(field.name) + " contains a line break";
  }
  for (const auto& [name, value] : metadata.user) {
    if (name.empty() || !is_one_line(name) || name.find(": ") != name.npos || !is_one_line(value)) {
      return "the user metadata \"" + printable(name) +
             "\" cannot be kept with a file, which takes lines of text only";
    }
  }
  return std::nullopt;
}

AttributeCalls attribute_calls{::fgetxattr, ::flistxattr, ::fsetxattr, ::fremovexattr};

Result<std::optional<Attributes>> read_attributes(int file, const std::string& shown) {
  std::string text(4'096, '\0');
  ssize_t size = attribute_calls.get(file, attribute, text.data(), text.size());
  if (size < 0 && errno == ERANGE) {
    text.resize(attributes_size_max);
    size = attribute_calls.get(file, attribute, text.data(), text.size());
  }
  if (size >= 0)
    return std::optional<Attributes>(
        parse_attributes(std::string_view(text).substr(0, static_cast<std::size_t>(size))));
  const int problem = errno;
  if (says_there_is_none(problem) || !is_listed(file)) return std::optional<Attributes>();
  return error_of(problem, "the extended attributes of " + shown + " cannot be read");
}

bool has_attributes(int file) { return attribute_calls.get(file, attribute, nullptr, 0) >= 0; }

bool keeps_attributes(int file) {
  constexpr std::string_view value = "probe: of nothing\n";
  if (attribute_calls.set(file, attribute, value.data(), value.size(), 0) != 0 ||
      !has_attributes(file))
    return false;
  return attribute_calls.remove(file, attribute) == 0;
}

Result<bool> write_attributes(int file, const Attributes& attributes, const std::string& shown) {
  const std::string text = format_attributes(attributes);
  if (text.empty()) return true;
  if (attribute_calls.set(file, attribute, text.data(), text.size(), 0) == 0) return true;
  const int problem = errno;
  // Of attributes "no space" mostly means: not next to this file. Where nothing can be stored at
  // all, other writes say so.
  if (problem != E2BIG && problem != ERANGE && problem != ENOSPC && problem != EDQUOT) return false;
  Error error = error_of(problem, "the metadata of " + shown + ", " + std::to_string(text.size()) +
                                      " bytes, cannot be kept in its extended attributes");
  error.code = ErrorCode::invalid_argument;
  error.reason = ErrorReason::unspecified;
  return error;
}

Result<void> remove_attributes(int file, const std::string& shown) {
  if (attribute_calls.remove(file, attribute) == 0) return Result<void>();
  const int problem = errno;
  if (says_there_is_none(problem) || !is_listed(file)) return Result<void>();
  return error_of(problem, "the extended attributes of " + shown + " cannot be removed");
}

bool Attributes::describe(const struct stat& file) const {
  return checksums_size == static_cast<std::uint64_t>(file.st_size) &&
         is_same_time(checksums_mtime, file.st_mtim);
}

ObjectHead head_of(std::string key, const struct stat& file,
                   const std::optional<Attributes>& attributes) {
  ObjectHead head;
  head.info.size = static_cast<std::uint64_t>(file.st_size);
  head.info.etag = change_token(file);
  head.info.last_modified = time_of(file.st_mtim);
  head.info.changed = time_of(file.st_ctim);
  if (attributes) {
    head.metadata = attributes->metadata;
    if (attributes->describe(file)) {
      head.checksums = attributes->checksums;
      head.info.origin = attributes->origin;
    }
  }
  if (head.metadata.content_type.empty()) head.metadata.content_type = guess_content_type(key);
  // Kept as text only where the file's own time could not hold it; once the file was touched, its
  // own time is the true one.
  auto& user = head.metadata.user;
  const auto kept = std::find_if(user.begin(), user.end(),
                                 [](const auto& entry) { return entry.first == mtime_name; });
  const auto kept_time = kept == user.end() ? std::nullopt : parse_mtime(kept->second);
  const bool holds = kept != user.end() && (!kept_time || is_same_time(*kept_time, file.st_mtim));
  if (!holds) {
    if (kept != user.end()) user.erase(kept);
    user.emplace_back(mtime_name, format_mtime(file.st_mtim));
    std::sort(user.begin(), user.end());
  }
  head.info.key = std::move(key);
  return head;
}

}  // namespace dth::objects::file
