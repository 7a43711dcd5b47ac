#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/error.h"

namespace dth::client {

// A hub that has a name on this machine.
struct Context {
  std::string url;
  std::string ca_bundle = {};  // a file of certificates; empty: the system's authorities
};

// What signs in at a hub. It is sent to `url` only, whatever contexts.yaml says later.
struct KeptToken {
  std::string secret;
  std::string id = {};  // of the API; empty: not known
  std::string url;
};

struct Contexts {
  std::map<std::string, Context> by_name;
  std::string current;  // empty: none
};

// The contexts of one user: contexts.yaml, and tokens.yaml with what is secret, in one directory.
// Both files have the mode 0600 and are replaced as a whole; processes that change them wait for
// each other. Blocks; cheap to make.
class ContextStore {
 public:
  explicit ContextStore(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // Nothing where there is no file. Errors: data_corrupted (names file and line), unavailable.
  Result<Contexts> read() const;

  // The first one becomes the current one. Errors: already_exists, invalid_argument (its name).
  Result<void> add(const std::string& name, const Context& context);
  // Errors of these: not_found.
  Result<void> use(const std::string& name);
  // With its token.
  Result<void> remove(const std::string& name);

  // The token of that context, if there is one and it is for that URL. Errors: permission_denied
  // where others may read the file.
  Result<std::optional<KeptToken>> token(const std::string& name, const std::string& url) const;
  Result<void> keep_token(const std::string& name, const KeptToken& token);
  Result<void> forget_token(const std::string& name);

  std::string file() const { return (directory_ / "contexts.yaml").string(); }
  std::string token_file() const { return (directory_ / "tokens.yaml").string(); }

 private:
  std::filesystem::path directory_;
};

// What a context may be called: 1 to 100 letters, digits, '-', '_' and '.'; not an address.
bool is_context_name(std::string_view text);

}  // namespace dth::client
