#include "control/tasks/stored_endpoints.h"

#include "base/encoding.h"
#include "control/endpoints/endpoint_service.h"
#include "objects/store_opener.h"

namespace dth::control {
namespace {

constexpr std::size_t page = 100;

}  // namespace

Result<TaskEndpoint> StoredEndpoints::as_needed(const state::StoredEndpoint& endpoint) const {
  const objects::StoreKind* const kind = objects::find_kind(kinds_, endpoint.kind);
  if (!kind) {
    return Error{ErrorCode::unsupported,
                 "this program does not know the kind of endpoint " + printable(endpoint.kind), ""};
  }
  auto values = endpoint_values(*kind, endpoint);
  if (values.has_error()) return values.error();
  return TaskEndpoint{.id = endpoint.id,
                      .name = endpoint.name,
                      .kind = endpoint.kind,
                      .values = std::move(*values),
                      .has_server = kind->has_server()};
}

Result<TaskEndpoint> StoredEndpoints::find(const std::string& id) {
  auto endpoint = store_.find(id);
  if (endpoint.has_error()) return endpoint.error();
  return as_needed(*endpoint);
}

Result<TaskEndpoint> StoredEndpoints::find_named(const std::string& name) {
  state::EndpointFilter filter;
  filter.text = name;
  std::string after;
  for (;;) {
    auto endpoints = store_.list(filter, after, page);
    if (endpoints.has_error()) return endpoints.error();
    for (const state::StoredEndpoint& endpoint : *endpoints) {
      if (endpoint.name == name) return as_needed(endpoint);
    }
    if (endpoints->size() < page) break;
    after = endpoints->back().name;
  }
  return Error{ErrorCode::not_found, "there is no endpoint \"" + printable(name) + "\"", ""};
}

}  // namespace dth::control
