#include "cloud/aws/profile.h"

#include <cstdio>
#include <memory>
#include <optional>

namespace dth::aws {
namespace {

constexpr std::size_t file_size_max = 1 << 20;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Without a comment that follows white space. A '#' inside a word belongs to it: secrets may hold one.
std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if ((line[i] == '#' || line[i] == ';') && (i == 0 || is_blank(line[i - 1]))) return line.substr(0, i);
  }
  return line;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

Error line_error(std::size_t line, std::string_view problem) {
  return Error{ErrorCode::invalid_argument, "line " + std::to_string(line) + ": " + std::string(problem), ""};
}

// The profile that a section's heading names; nothing for sections that are not profiles.
std::optional<std::string> profile_name(std::string_view heading, ProfileFile kind) {
  heading = trim(heading);
  if (kind == ProfileFile::credentials) return std::string(heading);
  if (heading == "default") return std::string(heading);
  constexpr std::string_view word = "profile";
  if (heading.size() > word.size() && heading.starts_with(word) && is_blank(heading[word.size()])) {
    std::string_view name = trim(heading.substr(word.size()));
    if (name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.back() == name.front()) {
      name = name.substr(1, name.size() - 2);
    }
    return std::string(name);
  }
  return std::nullopt;
}

std::string file_path(const Environment& environment, const std::string& variable, const std::string& file) {
  std::string path = value_of(environment, variable);
  const std::string home = value_of(environment, "HOME");
  if (path.empty()) return home.empty() ? "" : home + "/.aws/" + file;
  if (path.starts_with("~/") && !home.empty()) path = home + path.substr(1);
  return path;
}

// The file's text; nothing where there is no such file.
Result<std::optional<std::string>> read_file(const std::string& path) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(path.empty() ? nullptr : std::fopen(path.c_str(), "rb"),
                                                       &std::fclose);
  if (!file) return std::optional<std::string>();
  std::string text(file_size_max + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get())) return Error{ErrorCode::invalid_argument, "cannot read " + path, ""};
  if (text.size() > file_size_max) return Error{ErrorCode::invalid_argument, path + " is larger than 1 MiB", ""};
  return std::optional<std::string>(std::move(text));
}

}  // namespace

Result<ProfileSections> parse_profiles(std::string_view text, ProfileFile kind) {
  ProfileSections sections;
  std::map<std::string, std::string>* current = nullptr;
  bool skipping = false;        // in a section that is no profile
  bool nested_allowed = false;  // the setting before had no value: indented lines belong to it
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view raw = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    const std::string_view line = trim(without_comment(raw));
    if (line.empty()) continue;
    if (line.front() == '[') {
      if (line.back() != ']') return line_error(number, "a section's heading lacks its ]");
      const auto name = profile_name(line.substr(1, line.size() - 2), kind);
      skipping = !name;
      current = name ? &sections[*name] : nullptr;
      nested_allowed = false;
      continue;
    }
    if (skipping) continue;
    if (is_blank(raw.front()) && nested_allowed) continue;
    const std::size_t equals = line.find('=');
    if (equals == line.npos || trim(line.substr(0, equals)).empty()) return line_error(number, "NAME = VALUE expected");
    if (!current) return line_error(number, "a setting before the first [section]");
    const std::string_view value = trim(line.substr(equals + 1));
    nested_allowed = value.empty();
    (*current)[lower(trim(line.substr(0, equals)))] = std::string(value);
  }
  return sections;
}

std::string Profile::get(const std::string& setting) const {
  const auto found = settings.find(setting);
  return found == settings.end() ? "" : found->second;
}

Result<Profile> load_profile(const Environment& environment, std::string name) {
  Profile profile;
  if (name.empty()) name = value_of(environment, "AWS_PROFILE");
  profile.name = name.empty() ? "default" : name;
  const std::string credentials = file_path(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
  const std::string config = file_path(environment, "AWS_CONFIG_FILE", "config");
  profile.looked_at = "profile '" + profile.name + "' in " +
                      (credentials.empty() ? "~/.aws/credentials" : credentials) + " and " +
                      (config.empty() ? "~/.aws/config" : config);
  bool found = false;
  const std::pair<const std::string*, ProfileFile> files[] = {{&config, ProfileFile::config},
                                                              {&credentials, ProfileFile::credentials}};
  for (const auto& [path, kind] : files) {
    auto text = read_file(*path);
    if (!text) return text.error();
    if (!*text) continue;
    auto sections = parse_profiles(**text, kind);
    if (!sections) return sections.error().with_context("cannot read " + *path);
    const auto section = sections->find(profile.name);
    if (section == sections->end()) continue;
    found = true;
    for (const auto& [setting, value] : section->second) profile.settings[setting] = value;
  }
  if (!found) return Error{ErrorCode::not_found, "there is no " + profile.looked_at, ""};
  return profile;
}

std::string default_region(const Environment& environment, const std::string& profile) {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (std::string region = value_of(environment, name); !region.empty()) return region;
  }
  auto loaded = load_profile(environment, profile);
  return loaded ? loaded->region() : "";
}

}  // namespace dth::aws
