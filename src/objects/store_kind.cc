#include "objects/store_kind.h"

namespace dth::objects {

options::Values values_of(std::span<const options::Option> table, const options::Values& given) {
  options::Values values;
  for (const options::Option& option : table) {
    const auto found = given.find(option.name);
    if (found != given.end()) values.insert(*found);
  }
  return values;
}

}  // namespace dth::objects
