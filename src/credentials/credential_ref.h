#pragma once

#include <compare>
#include <string>
#include <vector>

#include "options/option.h"

namespace dth::credentials {

// Which credential is meant. A plain value without a secret, so that specs and endpoints can hold
// it; a CredentialResolver finds the secret.
struct CredentialRef {
  std::string kind = {};         // a name of credential_kinds(); empty: none
  std::string name = {};         // which one, of kinds that have secrets
  options::Values options = {};  // by the names of the kind's options
  // Of aws_role, one: who assumes the role. Of first_found, those to look for, in this order.
  std::vector<CredentialRef> base = {};

  bool operator==(const CredentialRef&) const = default;
  std::strong_ordering operator<=>(const CredentialRef& other) const;
};

}  // namespace dth::credentials
