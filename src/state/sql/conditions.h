#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "state/sql/database.h"

namespace dth::state::sql {

// The conditions of a statement that is put together for one reader, with their parameters.
//
//   Conditions where;
//   where.add("kind = ?", {kind});
//   Query query = where.query(database, "select id from run", "order by number limit 10");
//
// The text depends on which conditions there are, and never on the values: there are few texts,
// which connections keep prepared.
class Conditions {
 public:
  // Raw bytes of its own, where Blob refers to those of others.
  struct Bytes {
    std::string bytes;
  };
  using Value = std::variant<std::int64_t, std::string, Blob, Bytes>;

  void add(std::string_view sql, std::vector<Value> values);
  // column in (values); nothing is added where there are none. The last value is repeated up to a
  // power of two, so that lists of any length make few texts.
  void add_any_of(std::string_view column, const std::vector<std::string>& values);
  // One of the columns contains the text; letters of ASCII in either case. Nothing is added where
  // the text is empty.
  void add_contains(const std::vector<std::string_view>& columns, std::string_view text);

  // "SELECT where CONDITIONS TAIL"; `more` are the parameters of the tail.
  Query query(Database& database, std::string_view select, std::string_view tail,
              std::vector<Value> more = {}) const;

 private:
  std::string text_;
  std::vector<Value> values_;
};

}  // namespace dth::state::sql
