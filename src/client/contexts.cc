#include "client/contexts.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include "base/encoding.h"
#include "base/ids.h"

namespace dth::client {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;
constexpr ::mode_t others = 077;

using Tokens = std::map<std::string, KeptToken>;

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return file_; }

 private:
  const int file_;
};

Error failure_at(const std::string& path, const std::string& what) {
  return {ErrorCode::unavailable, path + ": cannot be " + what + ": " + std::strerror(errno), ""};
}

Error no_such_context(const std::string& name) {
  return {ErrorCode::not_found,
          "there is no context \"" + printable(name) +
              "\"; `dth context list` shows those that there are, `dth context add` adds one",
          ""};
}

// Nothing where there is no file.
Result<std::optional<std::string>> read_file(const std::string& path, bool is_secret) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) return std::optional<std::string>();
  if (file.get() < 0) return failure_at(path, "read");
  struct ::stat about {};
  if (::fstat(file.get(), &about) != 0) return failure_at(path, "read");
  if (is_secret && (about.st_mode & others) != 0) {
    return Error{
        ErrorCode::permission_denied,
        path + ": others may read or write this file, which holds tokens. Run: chmod 600 " + path,
        ""};
  }
  std::string text(file_bytes_max + 1, '\0');
  std::size_t size = 0;
  ssize_t got = 0;
  while (size < text.size() &&
         (got = ::read(file.get(), text.data() + size, text.size() - size)) > 0)
    size += static_cast<std::size_t>(got);
  if (got < 0) return failure_at(path, "read");
  if (size > file_bytes_max)
    return Error{ErrorCode::data_corrupted, path + ": longer than 1 MiB", ""};
  text.resize(size);
  return std::optional(std::move(text));
}

Result<void> write_all(int file, const std::string& text, const std::string& path) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t put = ::write(file, text.data() + at, text.size() - at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return failure_at(path, "written");
    at += static_cast<std::size_t>(put);
  }
  if (::fsync(file) != 0) return failure_at(path, "written");
  return {};
}

// As a whole or not at all, readable by nobody else.
Result<void> replace_file(const std::string& path, const std::string& text) {
  const std::string fresh = path + "." + random_name();
  const Descriptor file(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file.get() < 0) return failure_at(fresh, "written");
  auto written = write_all(file.get(), text, fresh);
  if (written.has_value() && ::rename(fresh.c_str(), path.c_str()) != 0)
    written = failure_at(path, "written");
  if (written.has_error()) ::unlink(fresh.c_str());
  return written;
}

// Null for an empty text. (A Node can be made of anything, so no Result holds one.)
Result<void> parse_mapping(const std::string& text, const std::string& path, YAML::Node* root) {
  const std::string advice = ". Correct the file, or remove it and sign in again";
  try {
    *root = YAML::Load(text);
  } catch (const YAML::Exception& problem) {
    // Its message may quote the text, which may be a token.
    return Error{ErrorCode::data_corrupted,
                 path + ":" + std::to_string(problem.mark.line + 1) + ": this is not YAML" + advice,
                 ""};
  }
  if (root->IsNull() || root->IsMap()) return {};
  return Error{ErrorCode::data_corrupted, path + ": expected a mapping" + advice, ""};
}

// Empty where it is missing; what is not a scalar is as good as missing.
std::string text_of(const YAML::Node& node, const char* name) {
  if (!node.IsMap()) return {};
  const YAML::Node found = node[name];
  return found && found.IsScalar() ? found.Scalar() : std::string();
}

template <class Take>
Result<void> each_entry(const std::string& text, const std::string& path, const char* list,
                        Take take) {
  YAML::Node root;
  auto parsed = parse_mapping(text, path, &root);
  if (parsed.has_error()) return parsed;
  if (root.IsNull()) return {};
  const YAML::Node entries = list == nullptr ? root : root[list];
  if (!entries || !entries.IsMap()) return {};
  for (const auto& entry : entries) {
    if (entry.first.IsScalar()) take(entry.first.Scalar(), entry.second);
  }
  return {};
}

Result<Tokens> read_tokens(const std::string& path) {
  Tokens tokens;
  auto text = read_file(path, true);
  if (text.has_error()) return text.error();
  if (!*text) return tokens;
  auto read = each_entry(**text, path, nullptr, [&](const std::string& name, const auto& node) {
    tokens[name] = {text_of(node, "token"), text_of(node, "id"), text_of(node, "url")};
  });
  if (read.has_error()) return read.error();
  return tokens;
}

std::string to_yaml(const Contexts& contexts) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "current" << YAML::Value << contexts.current;
  out << YAML::Key << "contexts" << YAML::Value << YAML::BeginMap;
  for (const auto& [name, context] : contexts.by_name) {
    out << YAML::Key << name << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "url" << YAML::Value << context.url;
    if (!context.ca_bundle.empty())
      out << YAML::Key << "ca_bundle" << YAML::Value << context.ca_bundle;
    out << YAML::EndMap;
  }
  out << YAML::EndMap << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

std::string to_yaml(const Tokens& tokens) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  for (const auto& [name, token] : tokens) {
    out << YAML::Key << name << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "url" << YAML::Value << token.url;
    if (!token.id.empty()) out << YAML::Key << "id" << YAML::Value << token.id;
    out << YAML::Key << "token" << YAML::Value << token.secret << YAML::EndMap;
  }
  out << YAML::EndMap;
  return "# Tokens of hubs. Anybody who can read this file can act as you.\n" +
         std::string(out.c_str()) + "\n";
}

// The directory, made where it is missing, for this process alone while it lives.
class Locked {
 public:
  static Result<std::unique_ptr<Locked>> take(const std::filesystem::path& directory) {
    std::error_code failure;
    if (!std::filesystem::exists(directory, failure)) {
      std::filesystem::create_directories(directory.parent_path(), failure);
      if (::mkdir(directory.c_str(), S_IRWXU) != 0 && errno != EEXIST)
        return failure_at(directory.string(), "made");
    }
    const std::string path = (directory / ".lock").string();
    auto locked = std::unique_ptr<Locked>(
        new Locked(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)));
    while (::flock(locked->file_.get(), LOCK_EX) != 0) {
      if (errno != EINTR) return failure_at(path, "locked");
    }
    return locked;
  }

 private:
  explicit Locked(int file) : file_(file) {}
  const Descriptor file_;
};

}  // namespace

bool is_context_name(std::string_view text) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !text.empty() && text.size() <= 100 && text.front() != '-' &&
         text.find_first_not_of(allowed) == text.npos;
}

Result<Contexts> ContextStore::read() const {
  Contexts contexts;
  auto text = read_file(file(), false);
  if (text.has_error()) return text.error();
  if (!*text) return contexts;
  YAML::Node root;
  auto parsed = parse_mapping(**text, file(), &root);
  if (parsed.has_error()) return parsed.error();
  contexts.current = text_of(root, "current");
  auto read =
      each_entry(**text, file(), "contexts", [&](const std::string& name, const auto& node) {
        contexts.by_name[name] = {text_of(node, "url"), text_of(node, "ca_bundle")};
      });
  if (read.has_error()) return read.error();
  return contexts;
}

Result<void> ContextStore::add(const std::string& name, const Context& context) {
  if (!is_context_name(name)) {
    return Error{ErrorCode::invalid_argument,
                 "invalid context name \"" + printable(name) +
                     "\": expected 1 to 100 letters, digits, \"-\", \"_\" and \".\"",
                 ""};
  }
  auto lock = Locked::take(directory_);
  if (lock.has_error()) return lock.error();
  auto contexts = read();
  if (contexts.has_error()) return contexts.error();
  if (contexts->by_name.contains(name)) {
    return Error{ErrorCode::already_exists,
                 "there is a context \"" + name + "\" already, for " + contexts->by_name[name].url +
                     ". Remove it first: dth context remove " + name,
                 ""};
  }
  contexts->by_name[name] = context;
  if (contexts->current.empty()) contexts->current = name;
  return replace_file(file(), to_yaml(*contexts));
}

Result<void> ContextStore::use(const std::string& name) {
  auto lock = Locked::take(directory_);
  if (lock.has_error()) return lock.error();
  auto contexts = read();
  if (contexts.has_error()) return contexts.error();
  if (!contexts->by_name.contains(name)) return no_such_context(name);
  contexts->current = name;
  return replace_file(file(), to_yaml(*contexts));
}

Result<void> ContextStore::remove(const std::string& name) {
  {
    auto lock = Locked::take(directory_);
    if (lock.has_error()) return lock.error();
    auto contexts = read();
    if (contexts.has_error()) return contexts.error();
    if (contexts->by_name.erase(name) == 0) return no_such_context(name);
    if (contexts->current == name) contexts->current.clear();
    auto written = replace_file(file(), to_yaml(*contexts));
    if (written.has_error()) return written;
  }
  return forget_token(name);
}

Result<std::optional<KeptToken>> ContextStore::token(const std::string& name,
                                                     const std::string& url) const {
  auto tokens = read_tokens(token_file());
  if (tokens.has_error()) return tokens.error();
  const auto found = tokens->find(name);
  if (found == tokens->end() || found->second.url != url || found->second.secret.empty())
    return std::optional<KeptToken>();
  return std::optional(found->second);
}

Result<void> ContextStore::keep_token(const std::string& name, const KeptToken& token) {
  auto lock = Locked::take(directory_);
  if (lock.has_error()) return lock.error();
  auto tokens = read_tokens(token_file());
  if (tokens.has_error()) return tokens.error();
  (*tokens)[name] = token;
  return replace_file(token_file(), to_yaml(*tokens));
}

Result<void> ContextStore::forget_token(const std::string& name) {
  auto lock = Locked::take(directory_);
  if (lock.has_error()) return lock.error();
  auto tokens = read_tokens(token_file());
  if (tokens.has_error()) return tokens.error();
  if (tokens->erase(name) == 0) return {};
  return replace_file(token_file(), to_yaml(*tokens));
}

}  // namespace dth::client
