#pragma once

#include <memory>
#include <span>

#include "control/tasks/compose.h"
#include "objects/store_kind.h"
#include "state/control/endpoint_store.h"

namespace dth::control {

// The endpoints that the hub keeps. A kind that this program does not know is unsupported.
class StoredEndpoints final : public TaskEndpoints {
 public:
  // Both outlive it.
  StoredEndpoints(state::EndpointStore& store,
                  std::span<const std::unique_ptr<objects::StoreKind>> kinds)
      : store_(store), kinds_(kinds) {}

  Result<TaskEndpoint> find(const std::string& id) override;
  Result<TaskEndpoint> find_named(const std::string& name) override;

 private:
  Result<TaskEndpoint> as_needed(const state::StoredEndpoint& endpoint) const;

  state::EndpointStore& store_;
  const std::span<const std::unique_ptr<objects::StoreKind>> kinds_;
};

}  // namespace dth::control
