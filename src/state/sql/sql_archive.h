#pragma once

#include "state/archive.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlArchive final : public Archive {
 public:
  // `schema_version`: of the database.
  SqlArchive(Transactor& transactor, std::int64_t schema_version)
      : transactor_(transactor), schema_version_(schema_version) {}

  Result<ArchiveTotals> back_up(const std::string& file) override;
  Result<ArchiveTotals> restore(const std::string& file) override;

 private:
  Transactor& transactor_;
  const std::int64_t schema_version_;
};

}  // namespace dth::state::sql
