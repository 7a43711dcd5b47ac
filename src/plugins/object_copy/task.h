#pragma once

#include <memory>
#include <optional>

#include "engine/task.h"
#include "ledger/objects/ledger_place.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/option_table.h"

namespace dth::object_copy {

// An object_copy task, as its spec says: what is copied and how, within which bounds, and how both
// sides are reached.
class ObjectCopyTask final : public engine::Task {
 public:
  struct Parts {
    CopyOptions options;
    CopyTuning tuning;
    objects::StoreRequest source;
    objects::StoreRequest destination;
    // The bucket that the list of objects or prefixes is in, where that is not the source.
    std::optional<objects::StoreRequest> list = {};
    std::vector<ledger::LedgerPlace> earlier_ledgers = {};  // of CopyOptions::earlier_ledgers
  };
  ObjectCopyTask(engine::TaskSpec spec, TimePoint begun_at, Traits traits, Parts parts)
      : Task(std::move(spec), begun_at, traits), parts_(std::move(parts)) {}

  const CopyOptions& options() const { return parts_.options; }
  const CopyTuning& tuning() const { return parts_.tuning; }
  const objects::StoreRequest& source() const { return parts_.source; }
  const objects::StoreRequest& destination() const { return parts_.destination; }
  const std::optional<objects::StoreRequest>& list() const { return parts_.list; }
  const std::vector<ledger::LedgerPlace>& earlier_ledgers() const { return parts_.earlier_ledgers; }

 private:
  const Parts parts_;
};

// The two places that a spec names, endpoints included.
std::string identity_of(const engine::TaskSpec& spec);

// invalid_argument names the option and says what it takes, or which options contradict each other.
Result<std::shared_ptr<const ObjectCopyTask>> parse_task(engine::TaskSpec spec, TimePoint begun_at,
                                                         const OptionTable& table);

}  // namespace dth::object_copy
