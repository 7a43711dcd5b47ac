#pragma once

#include <optional>

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// What writes ask for besides bytes and metadata: class, ACL, encryption, tags, locks.
class CopyProperties {
 public:
  explicit CopyProperties(LaneContext& lane) : lane_(lane) {}

  // Nothing where the source has to be asked for tags first: where these are kept and there are
  // any, and once also where none are told of, since nobody is told who may not read them.
  std::optional<Result<objects::ObjectProperties>> try_find(const objects::ObjectStore& source,
                                                            const objects::ObjectHead& head) const;
  // Asks for them.
  Async<Result<objects::ObjectProperties>> find(objects::ObjectStore* source, const Item* item,
                                                const objects::ObjectHead* head);

 private:
  Result<objects::ObjectProperties> with_tags(objects::Tags tags,
                                              const objects::ObjectHead& head) const;

  LaneContext& lane_;
};

}  // namespace dth::object_copy
