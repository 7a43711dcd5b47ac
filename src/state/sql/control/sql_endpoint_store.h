#pragma once

#include "state/control/endpoint_store.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlEndpointStore final : public EndpointStore {
 public:
  explicit SqlEndpointStore(Transactor& transactor) : transactor_(transactor) {}

  Result<void> create(const StoredEndpoint& endpoint, const AuditEntry& entry) override;
  Result<void> replace(const StoredEndpoint& changed, const AuditEntry& entry) override;
  Result<std::vector<EndpointUser>> remove(const std::string& id, const AuditEntry& entry) override;
  Result<StoredEndpoint> find(const std::string& id) override;
  Result<std::vector<StoredEndpoint>> list(const EndpointFilter& filter, const std::string& after,
                                           std::size_t count_max) override;
  Result<std::int64_t> count(const EndpointFilter& filter) override;
  Result<std::vector<EndpointUser>> users(const std::string& id) override;
  Result<std::int64_t> user_count(const std::string& id) override;
  Result<bool> keep_test(const std::string& id, std::int64_t revision, const std::string& test,
                         const AuditEntry& entry) override;

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
