#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace dth::state::postgres {

// What a failure means to the transaction in which it happened.
enum class Trouble {
  none,
  conflict,         // another transaction was in the way: the same one may succeed now
  connection_lost,  // nothing more can be said on this connection
  other,
};

// `sqlstate`: the five characters that PostgreSQL says (its manual, appendix A); empty where no
// answer came.
Trouble trouble_of(std::string_view sqlstate);

// `message`: the server's or libpq's own words, which become the detail. `name`: which database.
Error error_of(std::string_view sqlstate, std::string_view message, const std::string& name);

}  // namespace dth::state::postgres
