#pragma once

#include <optional>

#include "engine/job_runner.h"
#include "objects/object_store.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/rules/folding.h"

namespace dth::object_copy {

// One item on its way, over all its tries.
struct CopyAttempt {
  engine::JobContext& context;
  engine::Finished& finished;  // of its batch, since the last record
  FoldingSet tries;            // what it finds out about the destination's names
  std::size_t index;           // in the batch
  Item item;
  bool pinned = true;              // to the version that was listed
  bool distrust_declared = false;  // what was read is not what the source's ETag declares
  int contradictions = 0;
  bool seen_again = false;                      // in a listing, after it was said not to be there
  objects::Reported<TimePoint> read_from = {};  // when the last reading of the source began
  bool wrote = false;                           // a PUT was sent, so the destination may be ours
  int conflicts = 0;
  // Of the version of that ETag, read once for its digests alone, where a write needs one ahead.
  struct Ahead {
    std::string etag;
    std::optional<HashAlgorithm> algorithm;
    Digest digest;  // by `algorithm`
    Digest sha256;  // where it is to be signed
  };
  std::optional<Ahead> ahead = {};
  bool unframed = false;         // it was framed in chunks once, and did not arrive as it was sent
  bool sent_again = false;       // the copy that is there, ours, has another encoding
  objects::AidTrial trial = {};  // of the write
  // The end, when an attempt returns true.
  enum class End { copied, deleted_at_source, replanned, to_restore, left_alone } end = End::copied;
};

}  // namespace dth::object_copy
