#pragma once

#include <cstdint>

#include "options/action.h"

namespace dth::object_copy {

using RunMode = options::Action;

// When a mirror may delete, and how much.
struct DeleteRules {
  std::uint64_t count_max = 1'000;  // objects of one run
  std::uint64_t percent_max = 50;   // of the destination's objects in scope, 0 to 100
  bool allow_empty_source = false;  // may everything go because the source has nothing?
  bool despite_failures = false;    // also where objects could not be copied
};

enum class VerifyMethod {
  listing,    // what both listings tell: no request per object
  checksum,   // what both stores state of the object: a HEAD at either side
  read_back,  // what both stores give: a GET at either side
};

struct VerifyRules {
  VerifyMethod method = VerifyMethod::checksum;
  std::uint64_t sample_percent =
      100;  // of the keys that read_back reads; the others are checked by checksum
  bool report_extra = false;  // a ledger line for each object that only the destination has
  bool repair = false;        // copy what differs or is missing
};

}  // namespace dth::object_copy
