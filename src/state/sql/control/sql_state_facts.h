#pragma once

#include "state/control/state_facts.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlStateFacts final : public StateFacts {
 public:
  explicit SqlStateFacts(Transactor& transactor) : transactor_(transactor) {}

  Result<StateSize> size() override {
    return transactor_.transact(
        Transactor::Mode::read, "asking for the size of the state",
        [](Database& database) -> Result<StateSize> {
          // Only SQLite writes alone.
          const bool is_sqlite = database.is_alone();
          Query query = database.query(
              is_sqlite ? "select page_count * page_size from pragma_page_count, pragma_page_size"
                        : "select pg_database_size(current_database())");
          StateSize size{is_sqlite ? StateKind::sqlite : StateKind::postgresql, 0};
          if (query.next()) size.bytes = query.integer(0);
          return size;
        });
  }

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
