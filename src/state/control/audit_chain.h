#pragma once

#include <string>

#include "state/control/audit_log.h"

namespace dth::state {

// The hash of an entry at its link, in hexadecimal digits: SHA-256 of the hash before it (empty for
// the first) and of every field that was kept. docs/security.md describes it byte by byte.
std::string audit_hash(const std::string& before, const AuditRecord& record);

// Checks a chain, entry by entry.
class AuditVerifier {
 public:
  explicit AuditVerifier(const AuditCheckpoint& start) : link_(start.link), hash_(start.hash) {}

  // The next one in the chain's order. data_corrupted: it is not what was chained; the message
  // names it, and nothing after it can be believed.
  Result<void> take(const AuditRecord& record);
  // Of the last one that was taken.
  std::int64_t link() const { return link_; }
  const std::string& hash() const { return hash_; }

 private:
  std::int64_t link_;
  std::string hash_;
};

}  // namespace dth::state
