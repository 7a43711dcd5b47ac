#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/exclusive_lock.h"
#include "base/hash.h"

namespace dth::control {

// 32 secret bytes, in memory that is locked where the system allows it, kept out of core dumps, and
// wiped at its end. Never printed. Immutable.
class SecretKey {
 public:
  static constexpr std::size_t size = 32;

  static std::shared_ptr<const SecretKey> generate();
  // Of the base64 of 32 bytes; invalid_argument otherwise, which repeats nothing of the text.
  static Result<std::shared_ptr<const SecretKey>> parse(std::string_view base64);

  ~SecretKey();
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;

  const unsigned char* data() const { return bytes_; }
  // What it is called: a hash of it, 16 hexadecimal digits. It shows nothing of the key.
  const std::string& id() const { return id_; }
  // For the file that keeps it.
  std::string base64() const;

 private:
  SecretKey();
  void name_it();

  unsigned char* bytes_;
  std::string id_;
};

// The master keys that a process holds: the first one is the newest.
using KeyRing = std::vector<std::shared_ptr<const SecretKey>>;

// Null where the ring has none of that id.
std::shared_ptr<const SecretKey> find_key(const KeyRing& ring, std::string_view id);

// One key a line, the newest first; lines that begin with # are passed over. At most keys_max.
Result<KeyRing> parse_keys(std::string_view text, std::string_view where);
inline constexpr std::size_t keys_max = 16;

// Where the master keys of a vault come from.
struct KeyPlaces {
  std::string file = {};         // named by a setting; empty: look at the others, in this order
  std::string environment = {};  // what the variable DTH_MASTER_KEY_BASE64 holds: keys, like lines
  std::string credentials_directory = {};  // CREDENTIALS_DIRECTORY, of systemd
  std::string default_file = {};           // made where there is none; empty: there is no default
};

class KeySource {
 public:
  // The first of the places that has keys; the default file where none has. Reads nothing.
  static KeySource find(KeyPlaces places);

  // The keys as they are there now. Errors: not_found (there is no such file), permission_denied
  // (others than its owner may read the file), invalid_argument (it holds something else).
  Result<KeyRing> read() const;
  // How its owner knows it: the path, or the variable.
  const std::string& name() const { return name_; }

  // Can this program change what is there?
  bool is_writable() const { return kind_ == Kind::default_file || kind_ == Kind::file; }
  // Is it made where it is missing?
  bool may_be_made() const { return kind_ == Kind::default_file; }
  // Keeps other processes, and other callers of this one, from changing the file: for the whole of
  // reading, deciding and write(). Errors: already_exists (held by another), not_found (no file).
  // Null where this program does not change the keys.
  Result<std::unique_ptr<ExclusiveLock>> lock() const;
  // Replaces the file as a whole; it has reached the disk afterwards. Owner and mode stay as they
  // are, and a symbolic link stays one. Called under lock(). Errors: invalid_argument (more than
  // keys_max), not_found, permission_denied (the owner cannot be kept); then the file is as it was.
  Result<void> write(const KeyRing& ring) const;
  // A new file, 0600; already_exists where there is one.
  Result<void> create(const KeyRing& ring) const;

 private:
  enum class Kind { file, default_file, system_file, environment };
  Kind kind_ = Kind::environment;
  std::string name_;
  std::string text_;  // of the environment
};

}  // namespace dth::control
