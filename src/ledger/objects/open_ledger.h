#pragma once

#include <memory>
#include <optional>

#include "base/signature.h"
#include "ledger/ledger.h"
#include "ledger/objects/ledger_place.h"
#include "ledger/run_files.h"
#include "ledger/sealer.h"
#include "objects/store_opener.h"

namespace dth::ledger {

// A place for ledgers, opened to be written.
class OpenLedger {
 public:
  virtual ~OpenLedger() = default;
  virtual Ledger& ledger() = 0;
  virtual Sealer* sealer() = 0;  // null: opened without a key
  // Where both are to be called, if not where all that blocks is: a store may take long. Null
  // there.
  virtual BlockingExecutor* blocking() { return nullptr; }
  // Can files be written there? Leaves nothing behind but, in a bucket, one small object. Errors
  // say what cannot be done where, and what to do.
  virtual Result<void> check() = 0;

  // unsupported without a key.
  Result<void> seal(const state::Run& run, std::vector<state::Segment> segments);
};

struct LedgerAccess {
  objects::StoreOpener& opener;
  Clock& clock;
};

// `worker_name`: as in DirectoryLedgerOptions. Nothing is written or asked yet. What `access` names
// outlives it.
Result<std::unique_ptr<OpenLedger>> open_ledger(LedgerAccess access, const LedgerPlace& place,
                                                const std::string& worker_name,
                                                std::shared_ptr<const PrivateKey> key);

// The files of one run's ledger, which is `place` itself, to be read. As above.
Result<std::unique_ptr<RunFiles>> open_run_files(LedgerAccess access, const LedgerPlace& place);

}  // namespace dth::ledger
