#pragma once

#include <string>

#include "base/error.h"
#include "cloud/aws/credentials.h"
#include "credentials/credential_ref.h"

namespace dth::credentials {

// Where the secrets of named credentials are: the command line's are environment variables, a hub's
// are in its vault. Thread-safe.
class SecretSource {
 public:
  virtual ~SecretSource() = default;

  // The values of the kind's fields that are set, by name; empty where the credential does not
  // exist. All are of one moment, also while somebody replaces them.
  virtual Result<options::Values> find(std::string_view kind, const std::string& name) const = 0;

  // How its owner knows a field, for messages: "DTH_SOURCE_ACCESS_KEY_ID".
  virtual std::string shown_name(const std::string& name, std::string_view field) const = 0;
};

// The command line's: a credential "source" with a field "access-key-id" is the variable
// DTH_SOURCE_ACCESS_KEY_ID.
class EnvironmentSecrets final : public SecretSource {
 public:
  explicit EnvironmentSecrets(aws::Environment environment)
      : environment_(std::move(environment)) {}
  Result<options::Values> find(std::string_view kind, const std::string& name) const override;
  std::string shown_name(const std::string& name, std::string_view field) const override;

 private:
  const aws::Environment environment_;
};

}  // namespace dth::credentials
