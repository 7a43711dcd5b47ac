#pragma once

#include "state/control/idempotency_store.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlIdempotencyStore final : public IdempotencyStore {
 public:
  explicit SqlIdempotencyStore(Transactor& transactor) : transactor_(transactor) {}

  Result<IdempotencyClaim> begin(const IdempotentCall& call, TimePoint now) override;
  Result<void> finish(const IdempotentCall& call, const std::string& answer) override;
  Result<void> abandon(const IdempotentCall& call) override;

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
