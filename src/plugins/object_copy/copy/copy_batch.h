#pragma once

#include <vector>

#include "plugins/object_copy/batch_in_work.h"
#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/copy/item_inspector.h"
#include "plugins/object_copy/copy/name_checks.h"
#include "plugins/object_copy/copy/name_folding.h"
#include "plugins/object_copy/copy/object_transfer.h"
#include "plugins/object_copy/copy/server_side_copier.h"

namespace dth::object_copy {

// A batch of objects that are copied in one request each.
class CopyBatch final : public BatchInWork {
 public:
  CopyBatch(LaneContext& lane, engine::JobContext& context, std::vector<Item> items);

  // To be called once. `claimed`: its first items find out whether the destination takes names for
  // one in these ways.
  Async<Result<engine::Finished>> copy(std::uint32_t at_once_max, FoldingSet claimed);

 private:
  Async<bool> settle(std::size_t index) override;
  state::NewJob job_of(const std::vector<Left>& left) const override;
  std::uint64_t bytes_of(std::size_t index) const override { return items_[index].size; }

  Async<void> try_foldings(FoldingSet claimed);
  Async<Result<void>> try_folding(Folding folding, FoldingSet claimed);
  bool is_on_trial(Folding folding) const;
  void record_end(CopyAttempt* attempt, const Result<bool>& ended, int attempts);
  Async<Result<bool>> attempt_copy(CopyAttempt* attempt);
  Async<Result<bool>> decide(CopyAttempt* attempt);
  Async<Result<bool>> settle_absence(CopyAttempt* attempt, Error refusal);

  std::vector<Item> items_;
  FoldingSet tries_ = {};  // what its item finds out about the destination's names
  ItemInspector inspector_;
  NameChecks names_;
  NameFolding folding_;
  ObjectTransfer transfer_;
  ServerSideCopier server_side_;
};

}  // namespace dth::object_copy
