#pragma once

#include "objects/object_store.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// Can it not be read, because it lies in an archive?
inline bool has_to_be_restored(const objects::ObjectHead& head) {
  return head.archive == objects::Archive::archived ||
         head.archive == objects::Archive::archived_tier ||
         head.archive == objects::Archive::restoring;
}

// Where it turns out to be archived: is it to be restored first?
inline bool goes_for_restore(const CopyOptions& options, const Item& item) {
  return options.archived == ArchivedRule::restore && !item.restored;
}

}  // namespace dth::object_copy
