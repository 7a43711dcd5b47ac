#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace dth::state::postgres {

// How a server is reached: parameters of libpq, and the name of the database for people, without
// user and secrets.
struct ConnectOptions {
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string name;
};

enum class Access { read_only, read_write };

// Out of postgresql://[USER@]HOST[:PORT][,HOST…]/DATABASE[?PARAMETER=VALUE…], as libpq reads it.
// invalid_argument where it is none, or has a password: who lists processes would see it.
//
// What the URL does not say: certificates of servers that are not on this host are verified
// (sslmode=verify-full, by the system's authorities where the user has none of their own); of
// several hosts the one that can be written to is taken; a server that is gone is noticed.
Result<ConnectOptions> parse_url(const std::string& url, Access access);

// The first line of the file. Errors: permission_denied (others than its owner have rights on it,
// too), not_found; invalid_argument where it is
// empty.
Result<std::string> read_password(const std::string& path);

}  // namespace dth::state::postgres
