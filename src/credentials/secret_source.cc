#include "credentials/secret_source.h"

#include <cctype>

#include "credentials/credential_kinds.h"

namespace dth::credentials {

Result<options::Values> EnvironmentSecrets::find(std::string_view kind,
                                                 const std::string& name) const {
  options::Values values;
  const CredentialKind* const declared = find_credential_kind(kind);
  if (!declared) return values;
  for (const options::Option& field : declared->fields) {
    std::string value = aws::value_of(environment_, shown_name(name, field.name));
    if (!value.empty()) values[std::string(field.name)] = std::move(value);
  }
  return values;
}

std::string EnvironmentSecrets::shown_name(const std::string& name, std::string_view field) const {
  std::string variable = "DTH_" + name + "_" + std::string(field);
  for (char& c : variable)
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return variable;
}

}  // namespace dth::credentials
