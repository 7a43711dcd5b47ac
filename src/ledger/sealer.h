#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/blocking.h"
#include "base/error.h"
#include "base/signature.h"
#include "state/state.h"

namespace dth::ledger {

// Completes the ledger of a run that ends. seal() blocks, and may be repeated. Thread-safe.
class Sealer {
 public:
  virtual ~Sealer() = default;
  // `run` is as it will be once it is over; `segments` are all that state names.
  virtual Result<void> seal(const state::Run& run, std::vector<state::Segment> segments) = 0;

  // seal() for a lane, as Ledger::write().
  virtual Async<Result<void>> seal_off_lane(state::Run run, std::vector<state::Segment> segments,
                                            BlockingExecutor& blocking);
};

// For ledgers in a directory: cuts off what was written and never recorded (trim.h), and writes the
// signed manifest. Errors: those of both.
class DirectorySealer final : public Sealer {
 public:
  DirectorySealer(std::string directory, std::shared_ptr<const PrivateKey> key)
      : directory_(std::move(directory)), key_(std::move(key)) {}
  Result<void> seal(const state::Run& run, std::vector<state::Segment> segments) override;

 private:
  const std::string directory_;
  const std::shared_ptr<const PrivateKey> key_;
};

// For ledgers that nobody keeps.
class NoSealer final : public Sealer {
 public:
  Result<void> seal(const state::Run&, std::vector<state::Segment>) override { return {}; }
};

}  // namespace dth::ledger
