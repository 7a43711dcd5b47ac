#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "state/control/audit_chain.h"

namespace dth::control {

// What checking the chain of hashes found.
struct AuditCheck {
  std::int64_t checked = 0;
  state::AuditCheckpoint start;  // what replaces dropped entries; link 0: none were
  std::int64_t link = 0;         // of the last entry; keep it and its hash elsewhere
  std::string hash;
  std::int64_t unchained = 0;  // newer entries that are not chained yet
  // Is the end that was noted part of the chain?
  enum class Known {
    none,     // none was given
    met,      // it is
    dropped,  // its entry was dropped, and so was what could show it: this cannot be told any more
  };
  Known known = Known::none;
};

// An end of the chain that somebody noted: the chain must still go through it, unless its entry was
// dropped since.
struct KnownLink {
  std::int64_t link = 0;
  std::string hash;
};

// Reads the whole chain. data_corrupted: the message names the first entry that is not as it was
// chained, or says that `known` is not part of it.
Result<AuditCheck> check_audit(state::AuditLog& audit, const std::optional<KnownLink>& known);

// Hands out every entry that fits as a line of JSON with its newline, the newest first, until
// `write` answers false. Returns how many.
Result<std::int64_t> export_audit(state::AuditLog& audit, const state::AuditFilter& filter,
                                  const std::function<bool(std::string_view)>& write);

// An entry as one line of JSON, without a newline.
std::string audit_line(const state::AuditRecord& record);

}  // namespace dth::control
