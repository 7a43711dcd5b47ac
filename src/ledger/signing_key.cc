#include "ledger/signing_key.h"

#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/file.h"

namespace dth::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view key_name = "signing.key";
constexpr std::string_view retired_name = "signing.retired";
constexpr std::string_view lock_name = "signing.lock";
constexpr std::size_t file_size_bytes_max = 1 << 20;

Result<std::string> read_whole(const std::string& path) {
  auto file = File::open(path, O_RDONLY);
  if (file.has_error()) return file.error();
  std::string text(file_size_bytes_max, '\0');
  auto got = file->read_at(0, text.data(), text.size());
  if (got.has_error()) return got.error();
  text.resize(*got);
  return text;
}

// Puts the text in the place of what is there, wholly or not at all. The caller holds the lock.
Result<void> replace(const fs::path& path, std::string_view text) {
  const std::string temporary = path.string() + ".new";
  std::error_code code;
  fs::remove(temporary, code);  // of a process that died; its mode is not to be trusted
  {
    auto file = File::open(temporary, O_WRONLY | O_CREAT | O_EXCL);
    if (file.has_error()) return file.error();
    if (auto written = file->write_at(0, text); written.has_error()) return written;
    if (auto synced = file->sync(); synced.has_error()) return synced;
  }
  fs::rename(temporary, path, code);
  if (code) return file_error("rename to", path.string(), code.value());
  return sync_directory(path.parent_path().string());
}

// Keeps other processes from changing keys while it lives.
class ChangeLock {
 public:
  static Result<ChangeLock> take(const std::string& directory) {
    std::error_code code;
    const fs::path parent = fs::path(directory).parent_path();
    fs::create_directories(parent, code);
    if (code) return file_error("create", parent.string(), code.value());
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
      return file_error("create", directory, errno);
    const std::string path = (fs::path(directory) / lock_name).string();
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return file_error("open", path, errno);
    ChangeLock lock(descriptor);
    while (::flock(descriptor, LOCK_EX) != 0) {
      if (errno != EINTR) return file_error("lock", path, errno);
    }
    return lock;
  }
  ChangeLock(ChangeLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  ChangeLock& operator=(ChangeLock&&) = delete;
  ~ChangeLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

 private:
  explicit ChangeLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace

std::string SigningKeys::path() const { return (fs::path(directory_) / key_name).string(); }

Result<PrivateKey> load_signing_key(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return file_error("look at", path, errno);
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{ErrorCode::permission_denied,
                 "the signing key " + path +
                     " may be read or written by others than its owner, so its signatures prove "
                     "nothing: run \"chmod 600 " +
                     path + "\", and if others may have read it, then \"dth key rotate\"",
                 ""};
  }
  auto text = read_whole(path);
  if (text.has_error()) return text.error();
  auto key = PrivateKey::parse(*text);
  if (key.has_error()) {
    return Error{ErrorCode::data_corrupted,
                 "the signing key " + path +
                     " cannot be used: restore the file, or move it away and a new one is made",
                 key.error().message};
  }
  return key;
}

Result<PrivateKey> SigningKeys::load() const { return load_signing_key(path()); }

Result<PrivateKey> SigningKeys::load_or_create() const {
  auto present = load();
  if (present.has_value() || present.error().code != ErrorCode::not_found) return present;
  auto lock = ChangeLock::take(directory_);
  if (lock.has_error()) return lock.error();
  present = load();  // another process may have been quicker
  if (present.has_value() || present.error().code != ErrorCode::not_found) return present;
  PrivateKey key = PrivateKey::generate();
  if (auto written = replace(path(), key.pem()); written.has_error()) return written.error();
  return key;
}

Result<PublicKey> SigningKeys::rotate() const {
  auto lock = ChangeLock::take(directory_);
  if (lock.has_error()) return lock.error();
  auto old = load();
  if (old.has_error() && old.error().code != ErrorCode::not_found) return old.error();
  if (old.has_value()) {
    auto before = retired();
    if (before.has_error()) return before.error();
    before->push_back(old->public_key());
    std::string text;
    for (const PublicKey& key : *before) text += key.hex() + "\n";
    if (auto written = replace(fs::path(directory_) / retired_name, text); written.has_error())
      return written.error();
  }
  const PrivateKey key = PrivateKey::generate();
  if (auto written = replace(path(), key.pem()); written.has_error()) return written.error();
  return key.public_key();
}

Result<std::vector<PublicKey>> SigningKeys::own_keys() const {
  auto keys = retired();
  if (keys.has_error()) return keys;
  auto present = load();
  if (present.has_error() && present.error().code != ErrorCode::not_found) return present.error();
  if (present.has_value()) keys->insert(keys->begin(), present->public_key());
  return keys;
}

Result<std::vector<PublicKey>> SigningKeys::retired() const {
  const std::string retired_path = (fs::path(directory_) / retired_name).string();
  auto text = read_whole(retired_path);
  if (text.has_error() && text.error().code == ErrorCode::not_found)
    return std::vector<PublicKey>();
  if (text.has_error()) return text.error();
  std::vector<PublicKey> keys;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    auto key = PublicKey::parse(rest.substr(0, end));
    if (key.has_error())
      return Error{ErrorCode::data_corrupted,
                   retired_path + " has a line that is no public key: remove it", ""};
    keys.push_back(*key);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return keys;
}

}  // namespace dth::ledger
