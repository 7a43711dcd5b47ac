#pragma once

#include <string>
#include <vector>

#include "plugins/object_copy/copy/name_checks.h"
#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/rules/folding.h"

namespace dth::object_copy {

// Whether a destination of unknown kind takes two names for one: in which case they are, how
// Unicode writes them, or with other characters in place of some. Where it does, the second object
// replaces the first, so one object finds it out before any other whose name may be changed so is
// written.
class NameFolding {
 public:
  explicit NameFolding(LaneContext& lane) : lane_(lane), names_(lane) {}

  // Can it be found out by this item? An upload in parts takes long, and looks when it is complete.
  bool tells(const Item& item, Folding folding) const;

  // Waits until all is known that the names of these items depend on, or until it is this job's to
  // find out: the result. Nothing is held while it waits.
  Async<Result<FoldingSet>> claim(engine::JobContext* context, const std::vector<Item>* items);

  // Of these, what this name may be subject to and nobody knows yet.
  FoldingSet open_of(const std::string& key, FoldingSet claimed) const;

  // Does the source have an object under a name that the store may take for this one? Its copy may
  // be under way, and is not to be replaced by a trial.
  Async<Result<bool>> has_twin_at_source(const Item* item, FoldingSet open);

  // Does another object answer to the item's name? Then that is known of all that are open.
  Async<Result<void>> look_before_trial(const Item* item, FoldingSet open,
                                        std::vector<std::string>* warnings);

  // After `key` was written: does it answer to a name that differs only in this? `name_not_kept`:
  // it does, and the key itself is not listed.
  Async<Result<void>> check_after(Folding folding, std::string key, std::string etag,
                                  std::vector<std::string>* warnings);

  // After an upload was completed: what nobody has found out yet.
  Async<Result<void>> check_untried(std::string key, std::string etag,
                                    std::vector<std::string>* warnings);

  // It could not be found out, since each item that could has a twin.
  void settle_doubtful(Folding folding, std::vector<std::string>* warnings);

 private:
  enum class Answering { nothing, itself, another };
  Async<Result<Answering>> find_answering(std::string key);

  LaneContext& lane_;
  NameChecks names_;
};

}  // namespace dth::object_copy
