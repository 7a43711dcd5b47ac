#pragma once

#include <cstdint>

namespace dth::object_copy {

enum class VerifyMethod {
  listing,    // what both listings tell: no request per object
  checksum,   // what both stores state of the object: a HEAD at either side
  read_back,  // what both stores give: a GET at either side
};

// How VERIFY compares the two sides, and what becomes of what differs.
struct VerifyRules {
  VerifyMethod method = VerifyMethod::checksum;
  std::uint64_t sample_percent =
      100;  // of the keys that read_back reads; the others are checked by checksum
  bool report_extra = false;  // a ledger line for each object that only the destination has
  bool repair = false;        // copy what differs or is missing
};

}  // namespace dth::object_copy
