#include "credentials/credential_ref.h"

#include <tuple>

namespace dth::credentials {

// Spelled out: a type whose members are of that type has no default.
std::strong_ordering CredentialRef::operator<=>(const CredentialRef& other) const {
  const auto own =
      std::tie(kind, name, options) <=> std::tie(other.kind, other.name, other.options);
  if (own != 0) return own;
  for (std::size_t i = 0; i < base.size() && i < other.base.size(); ++i) {
    if (const auto order = base[i] <=> other.base[i]; order != 0) return order;
  }
  return base.size() <=> other.base.size();
}

}  // namespace dth::credentials
