#pragma once

#include <string>
#include <vector>

#include "net/server/http_server.h"

namespace dth::api {

// One thing that the hub needs to be of use.
struct HealthCheck {
  std::string name;
  std::optional<std::string> fault = {};  // what is wrong; nothing: it is well
};

// 200 where all is well, else 503. Verbose, a line for each check; otherwise one word.
net::ServerResponse readiness(const std::vector<HealthCheck>& checks, bool verbose);

net::ServerResponse text_answer(unsigned status, std::string text);
// Does the query component hold the name, alone or with a value?
bool has_parameter(std::string_view query, std::string_view name);

// The page at /, until there is a console.
net::ServerResponse landing_page(const std::string& version);

}  // namespace dth::api
