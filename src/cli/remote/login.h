#pragma once

#include <optional>
#include <string>

namespace dth::cli {

// How `dth login` signs in. Secrets are asked for, or read from standard input or a file: never
// taken from the command line, which other users of the machine can see.
struct LoginFlags {
  std::string context;            // empty: DTH_HUB, else the current one
  std::string email;              // empty: it is asked for
  std::string token;              // "-": an API token comes on standard input, or is asked for
  std::string token_file;         // a file that holds one
  bool uses_setup_token = false;  // makes the first administrator
  std::string scope = "ADMIN";    // of the token that is made
  std::uint64_t days = 90;        // until that expires
};
int login(const LoginFlags& flags);

// Revokes the token of `dth login`, and forgets it; only the latter where `is_local`.
int logout(const std::string& context, bool is_local);

}  // namespace dth::cli
