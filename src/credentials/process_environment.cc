#include "credentials/process_environment.h"

#include <string_view>

#include <unistd.h>

namespace dth::credentials {

aws::Environment process_environment() {
  aws::Environment environment;
  for (char** variable = environ; variable && *variable; ++variable) {
    const std::string_view text(*variable);
    const std::size_t separator = text.find('=');
    if (separator == text.npos) continue;
    // Of a name that is there twice, the C library finds the first.
    environment.emplace(text.substr(0, separator), text.substr(separator + 1));
  }
  return environment;
}

std::string temporary_directory(const aws::Environment& environment) {
  const std::string named = aws::value_of(environment, "TMPDIR");
  return named.empty() ? "/var/tmp" : named;
}

}  // namespace dth::credentials
