#include "config/sources.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include "base/suggestions.h"

namespace dth::config {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;
constexpr std::size_t problems_max = 100;

std::string place(const std::string& name, const YAML::Mark& mark) {
  if (mark.is_null()) return name;
  return name + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

std::string unknown_key(const std::string& key) {
  std::vector<std::string> names;
  for (const options::Option& setting : all_settings()) names.emplace_back(setting.name);
  const auto near = suggestions_for(key, names);
  std::string text = "there is no setting \"" + key.substr(0, 100) + "\"";
  if (!near.empty()) return text + ". Did you mean \"" + near.front() + "\"?";
  text += "; the settings are";
  for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? " " : ", ") + names[i];
  return text;
}

// The text of a scalar, or of a list of scalars joined by commas; nothing for anything else.
std::optional<std::string> text_of(const YAML::Node& node, bool takes_list) {
  if (node.IsNull()) return "";
  if (node.IsScalar()) return node.Scalar();
  if (!takes_list || !node.IsSequence()) return std::nullopt;
  std::string joined;
  for (const YAML::Node& member : node) {
    if (!member.IsScalar()) return std::nullopt;
    joined += (joined.empty() ? "" : ",") + member.Scalar();
  }
  return joined;
}

void read_entry(const YAML::Node& key, const YAML::Node& value, const std::string& name,
                Given* given) {
  const std::string where = place(name, key.Mark());
  if (!key.IsScalar()) {
    given->problems.push_back({where, "a key has to be a setting's name"});
    return;
  }
  const options::Option* setting = find_setting(key.Scalar());
  if (setting == nullptr) {
    given->problems.push_back({where, unknown_key(key.Scalar())});
    return;
  }
  const bool takes_list = setting->type == options::OptionType::names;
  auto text = text_of(value, takes_list);
  if (!text) {
    given->problems.push_back(
        {place(name, value.Mark()),
         key.Scalar() + " takes " +
             (takes_list ? "a list of names" : "one value, no list and no mapping")});
    return;
  }
  if (!given->values
           .emplace(key.Scalar(),
                    GivenValue{std::move(*text),
                               place(name, value.IsNull() ? key.Mark() : value.Mark())})
           .second) {
    given->problems.push_back({where, key.Scalar() + " is given twice: keep one"});
  }
}

Given unreadable(const std::string& path, const std::string& why) {
  return {{}, {{path, "the configuration cannot be read: " + why}}};
}

Given too_long(const std::string& path) {
  return unreadable(path, "it is longer than 1 MiB, and is hardly a configuration");
}

}  // namespace

Given parse_file(const std::string& text, const std::string& name) {
  Given given;
  try {
    const YAML::Node root = YAML::Load(text);
    if (root.IsNull()) return given;
    if (!root.IsMap()) {
      given.problems.push_back({place(name, root.Mark()),
                                "it has to be a mapping: lines like \"listen: 127.0.0.1:8080\""});
      return given;
    }
    for (const auto& entry : root) {
      if (given.problems.size() < problems_max) read_entry(entry.first, entry.second, name, &given);
    }
  } catch (const YAML::Exception& problem) {
    given.problems.push_back({place(name, problem.mark), "it is no YAML: " + problem.msg});
  }
  return given;
}

namespace {

// It can be read once only, and is asked for again when settings are read again.
const std::string& standard_input() {
  static const std::string text = [] {
    std::string bytes(file_bytes_max + 1, '\0');
    std::size_t size = 0;
    ssize_t got = 0;
    while (size < bytes.size() &&
           (got = ::read(STDIN_FILENO, bytes.data() + size, bytes.size() - size)) > 0)
      size += static_cast<std::size_t>(got);
    bytes.resize(size);
    return bytes;
  }();
  return text;
}

}  // namespace

Given read_file(const std::string& path) {
  if (path == "-") {
    if (standard_input().size() > file_bytes_max) return too_long("standard input");
    return parse_file(standard_input(), "standard input");
  }
  // A pipe that nobody writes to, and a device that has no end, are refused before they are read.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return unreadable(path, std::strerror(errno));
  struct stat status = {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(file);
    return unreadable(path, "it is not a regular file; - reads standard input");
  }
  std::string text(file_bytes_max + 1, '\0');
  std::size_t size = 0;
  ssize_t got = 0;
  while (size < text.size() && (got = ::read(file, text.data() + size, text.size() - size)) > 0)
    size += static_cast<std::size_t>(got);
  const int error = errno;
  ::close(file);
  if (got < 0) return unreadable(path, std::strerror(error));
  if (size > file_bytes_max) return too_long(path);
  text.resize(size);
  return parse_file(text, path);
}

Values read_environment(const std::function<const char*(const char*)>& variable) {
  Values values;
  for (const options::Option& setting : all_settings()) {
    const std::string name = variable_of(setting);
    const char* text = variable(name.c_str());
    if (text != nullptr && *text != '\0') values.emplace(setting.name, GivenValue{text, name});
  }
  return values;
}

}  // namespace dth::config
