#include "cloud/aws/profile.h"

#include <cerrno>
#include <optional>

#include <sys/stat.h>

#include "base/ascii.h"
#include "base/encoding.h"
#include "cloud/aws/read_small_file.h"

namespace dth::aws {
namespace {

constexpr std::size_t file_size_max = 1 << 20;
constexpr std::string_view white_space = " \t\r\n\f\v";

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(white_space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

bool is_comment(std::string_view trimmed) {
  return trimmed.starts_with('#') || trimmed.starts_with(';');
}

// Without a comment that follows white space. A '#' inside a word belongs to it: secrets may hold
// one.
std::string_view without_comment(std::string_view value) {
  for (std::size_t i = 1; i < value.size(); ++i) {
    if ((value[i] == '#' || value[i] == ';') && white_space.find(value[i - 1]) != white_space.npos)
      return trim(value.substr(0, i));
  }
  return value;
}

Error line_error(std::size_t line, std::string_view problem) {
  return Error{ErrorCode::invalid_argument,
               "line " + std::to_string(line) + ": " + std::string(problem), ""};
}

// The name behind the word in "word NAME", quoted or not; nothing where the heading begins with
// another word.
std::optional<std::string> name_behind(std::string_view word, std::string_view heading) {
  if (heading.size() <= word.size() || !heading.starts_with(word) ||
      white_space.find(heading[word.size()]) == white_space.npos)
    return std::nullopt;
  std::string_view name = trim(heading.substr(word.size()));
  if (name.size() >= 2 && (name.front() == '"' || name.front() == '\'') &&
      name.back() == name.front())
    name = name.substr(1, name.size() - 2);
  return std::string(name);
}

class Parser {
 public:
  explicit Parser(ProfileFile kind) : kind_(kind) {}

  Result<ProfileFileContent> parse(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    while (!text.empty()) {
      const std::size_t end = text.find_first_of("\r\n");
      const std::string_view line = text.substr(0, end);
      const bool two = end != text.npos && text.substr(end).starts_with("\r\n");
      text.remove_prefix(end == text.npos ? text.size() : end + (two ? 2 : 1));
      ++number_;
      auto taken = take(line);
      if (taken.has_error()) return taken.error();
    }
    auto ended = end_setting();
    if (ended.has_error()) return ended.error();
    // What [DEFAULT] says holds in every section that does not say otherwise.
    for (auto* sections : {&content_.profiles, &content_.services}) {
      for (auto& [name, settings] : *sections) settings.insert(defaults_.begin(), defaults_.end());
    }
    return std::move(content_);
  }

 private:
  enum class Section { none, known, left_out };

  Result<void> take(std::string_view line) {
    const std::string_view trimmed = trim(line);
    if (trimmed.empty() || is_comment(trimmed)) return {};
    const std::size_t indent = line.find_first_not_of(white_space);
    if (section_ != Section::none && !setting_.empty() && indent > indent_) {
      value_ += '\n';
      value_ += trimmed;
      return {};
    }
    auto ended = end_setting();
    if (ended.has_error()) return ended;
    indent_ = indent;
    return trimmed.front() == '[' ? take_heading(trimmed) : take_setting(trimmed);
  }

  Result<void> take_heading(std::string_view trimmed) {
    const std::size_t end = trimmed.find(']');
    if (end == trimmed.npos) return line_error(number_, "a section's heading lacks its ]");
    const std::string_view heading = trim(trimmed.substr(1, end - 1));
    section_ = Section::known;
    if (heading == "DEFAULT") {
      settings_ = &defaults_;
    } else if (kind_ == ProfileFile::credentials || heading == "default") {
      settings_ = &content_.profiles[std::string(heading)];
    } else if (auto name = name_behind("profile", heading)) {
      settings_ = &content_.profiles[*name];
    } else if (auto services = name_behind("services", heading)) {
      settings_ = &content_.services[*services];
    } else {
      section_ = Section::left_out;
    }
    return {};
  }

  Result<void> take_setting(std::string_view trimmed) {
    const std::size_t separator = trimmed.find_first_of("=:");
    const std::string name = ascii_lower(trim(trimmed.substr(0, separator)));
    if (section_ == Section::left_out) return {};
    if (separator == trimmed.npos || name.empty())
      return line_error(number_, "NAME = VALUE expected");
    if (section_ == Section::none)
      return line_error(number_, "a setting before the first [section]");
    setting_ = name;
    value_ = trim(trimmed.substr(separator + 1));
    setting_line_ = number_;
    return {};
  }

  // All lines of a value are known: it is one, or a block of settings.
  Result<void> end_setting() {
    if (setting_.empty()) return {};
    const std::string name = std::exchange(setting_, "");
    const std::size_t first = value_.find('\n');
    const bool is_block = first == 0 || (first != value_.npos && is_comment(value_));
    (*settings_)[name] = is_block ? "" : value_;
    if (!is_block) return {};
    for (std::string_view rest = std::string_view(value_).substr(first + 1);;) {
      const std::size_t end = rest.find('\n');
      const std::string_view line = rest.substr(0, end);
      const std::size_t equals = line.find('=');
      if (equals == line.npos)
        return line_error(setting_line_, "a block of settings below this line has one without a =");
      (*settings_)[name + "." + ascii_lower(trim(line.substr(0, equals)))] =
          without_comment(trim(line.substr(equals + 1)));
      if (end == rest.npos) return {};
      rest.remove_prefix(end + 1);
    }
  }

  const ProfileFile kind_;
  ProfileFileContent content_;
  ProfileSettings defaults_;
  Section section_ = Section::none;
  ProfileSettings* settings_ = nullptr;
  std::size_t number_ = 0;
  std::size_t indent_ = 0;    // of the setting or heading that came last
  std::string setting_ = {};  // whose value may go on
  std::string value_;         // its lines, '\n' between them
  std::size_t setting_line_ = 0;
};

struct FilePlace {
  std::string path;       // empty: there is no place to look
  bool is_named = false;  // by the environment
};

FilePlace file_place(const Environment& environment, const std::string& variable,
                     const std::string& file) {
  const std::string home = value_of(environment, "HOME");
  FilePlace place{value_of(environment, variable), true};
  if (place.path.empty()) return {home.empty() ? "" : home + "/.aws/" + file, false};
  for (const char* start : {"~/", "$HOME/", "${HOME}/"}) {
    if (place.path.starts_with(start) && !home.empty())
      place.path = home + "/" + place.path.substr(std::string_view(start).size());
  }
  return place;
}

// The file's text; nothing where there is no such file. Where the directory itself may not be
// looked into, as a home that is another's, the tools of AWS take it that there is none.
Result<std::optional<std::string>> read_file(const FilePlace& place) {
  struct stat status {};
  if (place.path.empty()) return std::optional<std::string>();
  if (::stat(place.path.c_str(), &status) != 0) {
    const bool is_absent =
        errno == ENOENT || errno == ENOTDIR || (errno == EACCES && !place.is_named);
    if (is_absent) return std::optional<std::string>();
  }
  auto text = read_small_file(place.path, file_size_max);
  if (text.has_error()) return std::move(text.error());
  return std::optional<std::string>(std::move(*text));
}

std::string profile_to_load(const Environment& environment, const std::string& name) {
  for (const std::string& chosen :
       {name, value_of(environment, "AWS_PROFILE"), value_of(environment, "AWS_DEFAULT_PROFILE")}) {
    if (!chosen.empty()) return chosen;
  }
  return "default";
}

}  // namespace

Result<ProfileFileContent> parse_profiles(std::string_view text, ProfileFile kind) {
  return Parser(kind).parse(text);
}

std::string Profile::get(const std::string& setting) const {
  const auto found = settings.find(setting);
  if (found == settings.end()) return "";
  const bool may_hold_anything = setting == "credential_process" || setting == "source_profile";
  return may_hold_anything ? found->second : std::string(without_comment(found->second));
}

Result<Profile> load_profile(const Environment& environment, std::string name) {
  Profile profile;
  profile.name = profile_to_load(environment, name);
  const FilePlace credentials =
      file_place(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
  const FilePlace config = file_place(environment, "AWS_CONFIG_FILE", "config");
  profile.looked_at = "profile '" + printable(profile.name) + "' in " +
                      (credentials.path.empty() ? "~/.aws/credentials" : credentials.path) +
                      " and " + (config.path.empty() ? "~/.aws/config" : config.path);
  bool found = false;
  ProfileSections services;
  const std::pair<const FilePlace*, ProfileFile> files[] = {
      {&config, ProfileFile::config}, {&credentials, ProfileFile::credentials}};
  for (const auto& [place, kind] : files) {
    auto text = read_file(*place);
    if (!text) return text.error();
    if (!*text) continue;
    auto content = parse_profiles(**text, kind);
    if (!content) return content.error().with_context("cannot read " + place->path);
    if (kind == ProfileFile::config) services = std::move(content->services);
    const auto section = content->profiles.find(profile.name);
    if (section == content->profiles.end()) continue;
    found = true;
    for (const auto& [setting, value] : section->second) profile.settings[setting] = value;
  }
  if (!found) return Error{ErrorCode::not_found, "there is no " + profile.looked_at, ""};
  if (const std::string named = profile.get("services"); !named.empty()) {
    const auto section = services.find(named);
    if (section == services.end()) {
      return Error{ErrorCode::invalid_argument,
                   profile.looked_at + " names the services section '" + printable(named) +
                       "', which is not there",
                   ""};
    }
    profile.services = section->second;
  }
  return profile;
}

std::string profile_files_revision(const Environment& environment) {
  std::string revision;
  for (const FilePlace& place :
       {file_place(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        file_place(environment, "AWS_CONFIG_FILE", "config")}) {
    struct stat file {};
    if (place.path.empty() || ::stat(place.path.c_str(), &file) != 0) {
      revision += " none";
      continue;
    }
    for (const auto number :
         {static_cast<std::int64_t>(file.st_dev), static_cast<std::int64_t>(file.st_ino),
          static_cast<std::int64_t>(file.st_size), static_cast<std::int64_t>(file.st_mtim.tv_sec),
          static_cast<std::int64_t>(file.st_mtim.tv_nsec)})
      revision += " " + std::to_string(number);
  }
  return revision;
}

}  // namespace dth::aws
