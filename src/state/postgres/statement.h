#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "state/sql/database.h"

struct pg_result;

namespace dth::state::postgres {

class Connection;

// `?` and `?1` as PostgreSQL wants them: $1, $2, ….
std::string number_parameters(std::string_view sql);

// A statement that the server prepares when it is first executed, when the types of its parameters
// are known. All rows are there with the first one.
class PostgresStatement final : public sql::Statement {
 public:
  // `key`: under which the connection keeps it. `server_name`: of this connection's.
  PostgresStatement(Connection& connection, std::string key, std::string sql,
                    std::string server_name);
  ~PostgresStatement() override;
  PostgresStatement(const PostgresStatement&) = delete;
  PostgresStatement& operator=(const PostgresStatement&) = delete;

  void bind(int index, std::int64_t value) override;
  void bind_null(int index) override;
  void bind(int index, std::string_view value, bool is_blob, Copy copy) override;
  bool next() override;
  std::int64_t integer(int column) const override;
  std::string text(int column) const override;
  bool is_null(int column) const override;
  void release() override;

 private:
  struct Parameter {
    unsigned type = 20;  // bigint: what may be NULL is a number
    bool is_null = true;
    std::string bytes = {};
  };
  Parameter& parameter(int index);
  bool prepare();
  bool execute();

  Connection& connection_;
  const std::string key_, sql_, server_name_;
  bool is_prepared_ = false;
  std::vector<unsigned> prepared_types_;
  std::vector<Parameter> parameters_;
  std::unique_ptr<pg_result, void (*)(pg_result*)> answer_;
  int row_ = -1;
};

}  // namespace dth::state::postgres
