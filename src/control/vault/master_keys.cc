#include "control/vault/master_keys.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encoding.h"

namespace dth::control {
namespace {

constexpr std::size_t key_file_size_max = 64 * 1024;
constexpr std::string_view system_credential = "dth-master-key";

struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number;
};

Error key_file_error(ErrorCode code, const std::string& path, const std::string& why) {
  return {code, "the master key file " + path + " " + why, {}};
}

Error key_file_failure(const std::string& path, const std::string& what) {
  const ErrorCode code = errno == EACCES || errno == EPERM ? ErrorCode::permission_denied
                         : errno == ENOENT                 ? ErrorCode::not_found
                         : errno == EEXIST                 ? ErrorCode::already_exists
                                                           : ErrorCode::unavailable;
  return key_file_error(code, path, "cannot be " + what + ": " + std::strerror(errno));
}

// Only its owner may read it: everybody else could open the vault.
Result<std::string> read_key_file(const std::string& path, bool is_private) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number < 0) return key_file_failure(path, "read");
  struct stat status {};
  if (::fstat(file.number, &status) != 0) return key_file_failure(path, "read");
  if (!S_ISREG(status.st_mode))
    return key_file_error(ErrorCode::invalid_argument, path, "is not a file: name another one");
  if (is_private && (status.st_mode & 077) != 0) {
    return key_file_error(ErrorCode::permission_denied, path,
                          "may be read by others than its owner: change that with chmod 600");
  }
  std::string text(key_file_size_max + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(file.number, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return key_file_failure(path, "read");
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > key_file_size_max)
    return key_file_error(ErrorCode::invalid_argument, path, "is too long: name another one");
  text.resize(size);
  return text;
}

Result<void> write_synced(const Descriptor& file, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file.number, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return key_file_failure(path, "written");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(file.number) != 0) return key_file_failure(path, "written");
  return {};
}

Result<void> sync_directory_of(const std::string& path) {
  std::string directory = std::filesystem::path(path).parent_path().string();
  if (directory.empty()) directory = ".";
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // EINVAL: this file system cannot synchronize directories.
  if (opened.number < 0 || (::fsync(opened.number) != 0 && errno != EINVAL))
    return key_file_failure(path, "written safely: its directory cannot be synchronized");
  return {};
}

// A new file beside the one at `path`, with a name that nobody else uses. It is removed at the end,
// unless it was renamed.
class FreshFile {
 public:
  explicit FreshFile(const std::string& path)
      : name_(path + ".new.XXXXXX"), file_(::mkostemp(name_.data(), O_CLOEXEC)) {}
  ~FreshFile() {
    if (file_.number >= 0 && !was_renamed_) ::unlink(name_.c_str());
  }
  FreshFile(const FreshFile&) = delete;
  FreshFile& operator=(const FreshFile&) = delete;

  bool is_open() const { return file_.number >= 0; }
  const std::string& name() const { return name_; }
  const Descriptor& file() const { return file_; }
  bool rename_to(const std::string& path) {
    was_renamed_ = ::rename(name_.c_str(), path.c_str()) == 0;
    return was_renamed_;
  }

 private:
  std::string name_;
  const Descriptor file_;
  bool was_renamed_ = false;
};

// Whichever user runs this, the hub's user must be able to read the file afterwards. The group may
// differ: it has no rights.
Result<void> keep_owner_and_mode(const Descriptor& file, const std::string& path) {
  struct stat before {};
  struct stat now {};
  if (::stat(path.c_str(), &before) != 0 || ::fstat(file.number, &now) != 0)
    return key_file_failure(path, "replaced");
  const bool is_kept = (before.st_uid == now.st_uid && before.st_gid == now.st_gid) ||
                       ::fchown(file.number, before.st_uid, before.st_gid) == 0;
  if (!is_kept && before.st_uid != now.st_uid)
    return key_file_failure(path, "replaced by a file of the same owner");
  if (::fchmod(file.number, before.st_mode & S_IRWXU) != 0)
    return key_file_failure(path, "replaced");
  return {};
}

// The file that a symbolic link leads to.
Result<std::string> real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> resolved(::realpath(path.c_str(), nullptr),
                                                        std::free);
  if (!resolved) return key_file_failure(path, "found");
  return std::string(resolved.get());
}

std::string key_text(const KeyRing& ring) {
  std::string text =
      "# Master keys of dth's vault, the newest first. Who has them can read all secrets; without "
      "them nobody can.\n";
  for (const auto& key : ring) text += key->base64() + "\n";
  return text;
}

}  // namespace

SecretKey::SecretKey() {
  // Safe to call again and again, by any thread.
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialized");
  bytes_ = static_cast<unsigned char*>(sodium_malloc(size));
  if (bytes_ == nullptr) throw std::bad_alloc();
}

SecretKey::~SecretKey() { sodium_free(bytes_); }

void SecretKey::name_it() {
  constexpr std::string_view purpose = "dth master key id 1";
  unsigned char digest[16];
  crypto_generichash(digest, sizeof digest, reinterpret_cast<const unsigned char*>(purpose.data()),
                     purpose.size(), bytes_, size);
  id_ = hex_encode(Bytes(reinterpret_cast<const std::byte*>(digest), 8));
  sodium_mprotect_readonly(bytes_);
}

std::shared_ptr<const SecretKey> SecretKey::generate() {
  std::shared_ptr<SecretKey> key(new SecretKey());
  randombytes_buf(key->bytes_, size);
  key->name_it();
  return key;
}

Result<std::shared_ptr<const SecretKey>> SecretKey::parse(std::string_view base64) {
  std::shared_ptr<SecretKey> key(new SecretKey());
  std::size_t length = 0;
  const char* end = nullptr;
  const bool decoded = sodium_base642bin(key->bytes_, size, base64.data(), base64.size(), nullptr,
                                         &length, &end, sodium_base64_VARIANT_ORIGINAL) == 0;
  if (!decoded || length != size || end != base64.data() + base64.size()) {
    return Error{ErrorCode::invalid_argument,
                 "a master key is the base64 of 32 random bytes: make one with `openssl rand "
                 "-base64 32`",
                 {}};
  }
  key->name_it();
  return std::shared_ptr<const SecretKey>(std::move(key));
}

std::string SecretKey::base64() const {
  return base64_encode(Bytes(reinterpret_cast<const std::byte*>(bytes_), size));
}

std::shared_ptr<const SecretKey> find_key(const KeyRing& ring, std::string_view id) {
  const auto found =
      std::find_if(ring.begin(), ring.end(), [&](const auto& key) { return key->id() == id; });
  return found == ring.end() ? nullptr : *found;
}

Result<KeyRing> parse_keys(std::string_view text, std::string_view where) {
  KeyRing ring;
  while (!text.empty()) {
    // A comment goes to the end of its line, whatever it holds.
    const bool is_comment = text.front() == '#';
    const std::size_t end =
        std::min(text.find_first_of(is_comment ? "\r\n" : "\r\n, \t"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty() || is_comment) continue;
    auto key = SecretKey::parse(word);
    if (key.has_error()) return std::move(key.error()).with_context(where);
    if (find_key(ring, (*key)->id()) == nullptr) ring.push_back(std::move(*key));
    if (ring.size() > keys_max) {
      return Error{ErrorCode::invalid_argument,
                   std::string(where) + ": more than " + std::to_string(keys_max) + " master keys",
                   {}};
    }
  }
  if (!ring.empty()) return ring;
  return Error{ErrorCode::invalid_argument, std::string(where) + ": it holds no master key", {}};
}

KeySource KeySource::find(KeyPlaces places) {
  KeySource source;
  std::error_code ignored;
  if (!places.file.empty()) {
    source.kind_ = Kind::file;
    source.name_ = std::move(places.file);
  } else if (!places.environment.empty()) {
    source.name_ = "DTH_MASTER_KEY_BASE64";
    source.text_ = std::move(places.environment);
  } else if (const auto path = std::filesystem::path(places.credentials_directory) /
                               std::string(system_credential);
             !places.credentials_directory.empty() && std::filesystem::exists(path, ignored)) {
    source.kind_ = Kind::system_file;
    source.name_ = path.string();
  } else {
    source.kind_ = Kind::default_file;
    source.name_ = std::move(places.default_file);
  }
  return source;
}

Result<KeyRing> KeySource::read() const {
  if (kind_ == Kind::environment) return parse_keys(text_, name_);
  // systemd's are 0440 for its own group.
  auto text = read_key_file(name_, kind_ != Kind::system_file);
  if (text.has_error()) return text.error();
  auto ring = parse_keys(*text, "the master key file " + name_);
  sodium_memzero(text->data(), text->size());
  return ring;
}

Result<std::unique_ptr<ExclusiveLock>> KeySource::lock() const {
  if (!is_writable()) return std::unique_ptr<ExclusiveLock>();
  auto path = real_path(name_);
  if (path.has_error()) return path.error();
  const std::string lock_path = *path + ".lock";
  auto lock = ExclusiveLock::take(
      lock_path, {"the master key file " + name_,
                  "it is being rotated there. Wait until that ends, and try again"});
  struct stat status {};
  // Rotated by root, the hub's user must be able to lock it later. Others cannot give it away, and
  // need not.
  if (lock.has_value() && ::geteuid() == 0 && ::stat(path->c_str(), &status) == 0) {
    [[maybe_unused]] const int given = ::lchown(lock_path.c_str(), status.st_uid, status.st_gid);
  }
  return lock;
}

Result<void> KeySource::write(const KeyRing& ring) const {
  if (ring.empty() || ring.size() > keys_max) {
    return key_file_error(ErrorCode::invalid_argument, name_,
                          "would hold " + std::to_string(ring.size()) + " keys: 1 to " +
                              std::to_string(keys_max) + " can be read again");
  }
  auto path = real_path(name_);
  if (path.has_error()) return path.error();
  FreshFile fresh(*path);
  if (!fresh.is_open()) return key_file_failure(name_, "written");
  if (auto kept = keep_owner_and_mode(fresh.file(), *path); kept.has_error()) return kept.error();
  auto written = write_synced(fresh.file(), name_, key_text(ring));
  if (written.has_error()) return written.error();
  if (!fresh.rename_to(*path)) return key_file_failure(name_, "replaced");
  return sync_directory_of(*path);
}

Result<void> KeySource::create(const KeyRing& ring) const {
  FreshFile fresh(name_);
  if (!fresh.is_open()) return key_file_failure(name_, "made");
  auto written = write_synced(fresh.file(), name_, key_text(ring));
  if (written.has_error()) return written.error();
  if (::link(fresh.name().c_str(), name_.c_str()) != 0) return key_file_failure(name_, "made");
  return sync_directory_of(name_);
}

}  // namespace dth::control
