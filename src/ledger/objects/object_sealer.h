#pragma once

#include <memory>

#include "base/signature.h"
#include "ledger/objects/blocking_store.h"
#include "ledger/sealer.h"

namespace dth::ledger {

struct ObjectSealerOptions {
  std::string place;   // for messages
  std::string prefix;  // before the run's id: empty, or ends in a slash
};

// For ledgers in an object store: writes the signed manifest, where there is none yet. Nothing is
// trimmed. A manifest of the same run with the same segments, which an earlier attempt left, is
// kept, or replaced where it tells of another end. Errors: already_exists (something else is there
// under its name), those of the store.
class ObjectSealer final : public Sealer {
 public:
  // `store` outlives it.
  ObjectSealer(BlockingStore& store, std::shared_ptr<const PrivateKey> key,
               ObjectSealerOptions options)
      : store_(store), key_(std::move(key)), options_(std::move(options)) {}
  Result<void> seal(const state::Run& run, std::vector<state::Segment> segments) override;

 private:
  BlockingStore& store_;
  const std::shared_ptr<const PrivateKey> key_;
  const ObjectSealerOptions options_;
};

}  // namespace dth::ledger
