#pragma once

#include <map>
#include <string>

namespace dth::state {

// What people mark things with: "team" = "media". By name.
using Labels = std::map<std::string, std::string, std::less<>>;

// One that things are looked for by.
struct Label {
  std::string name;
  std::string value;
};

}  // namespace dth::state
