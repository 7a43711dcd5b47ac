#pragma once

#include <cstdlib>
#include <memory>
#include <string>

#include "state/postgres_state.h"
#include "state/testing/state_conformance.h"

namespace dth::state::testing {

// A schema of its own on the server that DTH_TEST_POSTGRES names (a URL without parameters), gone
// with this object.
class PostgresSchema {
 public:
  PostgresSchema();
  ~PostgresSchema();
  PostgresSchema(const PostgresSchema&) = delete;
  PostgresSchema& operator=(const PostgresSchema&) = delete;

  // Is there a server to test with?
  static bool is_there();
  const std::string& url() const { return url_; }
  // Statements by hand.
  void execute(const std::string& sql) const;
  std::string value(const std::string& sql) const;

 private:
  std::string name_, url_;
};

class PostgresPlace final : public Place {
 public:
  Result<std::unique_ptr<State>> open() override {
    return open_postgres_state({.url = schema_.url(),
                                .password_file = {},
                                .takes_callers_time = true,
                                .synchronous = false});
  }
  bool is_there() const override { return PostgresSchema::is_there(); }
  bool sees_death() const override { return false; }

 private:
  PostgresSchema schema_;
};

}  // namespace dth::state::testing
