#include "objects/store_kind.h"

namespace dth::objects {

Result<std::unique_ptr<EndpointClient>> LaneSessions::open_client(const StoreRequest& request) {
  return Error{ErrorCode::unsupported,
               "endpoints of the kind " + request.endpoint.kind + " cannot be looked at as a whole",
               ""};
}

options::Values values_of(std::span<const options::Option> table, const options::Values& given) {
  options::Values values;
  for (const options::Option& option : table) {
    const auto found = given.find(option.name);
    if (found != given.end()) values.insert(*found);
  }
  return values;
}

}  // namespace dth::objects
