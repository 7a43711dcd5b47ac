#pragma once

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// What becomes of an item that was inspected.
enum class ItemVerdict { to_copy, to_restore, same, left_out, archived, deleted_at_source };

// Decides about objects that listings do not tell enough about.
class ItemInspector {
 public:
  explicit ItemInspector(LaneContext& lane) : lane_(lane) {}

  // Asks both sides for an item that a list names, that failed in another run, or of which the
  // listings do not tell whether it is the same. What is learnt goes into `item` and `source`. An
  // item that cannot be copied is an error.
  Async<Result<ItemVerdict>> inspect_item(Item* item, objects::ObjectInfo* source);

  // The destination was asked for an object and has none. Where the PUT is conditional, that is
  // confirmed by it; where not, the absence decides whether something is replaced that the rules
  // would leave alone.
  Async<Result<bool>> confirm_absence_of_destination(std::string key, Error refusal);

 private:
  Async<Result<ItemVerdict>> inspect_by_heads(Item* item, objects::ObjectInfo* source);
  Async<Result<bool>> is_changed(Item* item, const objects::ObjectHead* source,
                                 const objects::ObjectHead* destination, Verdict asked);

  LaneContext& lane_;
};

}  // namespace dth::object_copy
