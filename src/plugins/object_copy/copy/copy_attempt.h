#pragma once

#include <optional>
#include <vector>

#include "plugins/object_copy/runner.h"

// What the sources of copy jobs share.
namespace dth::object_copy {

// A batch in work: its coroutines take items off it one by one.
struct ObjectCopyRunner::Batch {
  engine::JobContext& context;
  std::vector<Item> items;
  std::vector<bool> settled = std::vector<bool>(items.size());  // recorded, in `finished` or before
  std::size_t next = 0;                                         // the first that was not begun
  engine::Finished finished = {};                               // since the last record
  bool closed = false;                                          // nothing more is begun
  FoldingSet tries = {};              // what its item finds out about the destination's names
  std::optional<Error> failure = {};  // the record could not be written
  std::optional<Error> lockout = {};  // nothing can be copied any more, as things are

  // What is still to be done. `in_flight`: those that were begun may yet be written.
  std::vector<Item> rest(bool in_flight) const;
};

// One item on its way, over all its tries.
struct ObjectCopyRunner::Attempt {
  std::size_t index;  // in the batch
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
  enum class End { copied, vanished, replanned, to_restore, left_alone } end = End::copied;
};

// A PUT that did not succeed.
struct ObjectCopyRunner::Refused {
  const Transfer* transfer;
  KeptLook* look;  // null: none was planned
  Error error;
  std::optional<Digest> computed;  // of what was sent, by the plan's algorithm
  std::uint64_t size;              // of what was to be sent
  bool wrote_before;               // attempt->wrote, without this PUT
};

// What was written, and what the destination said to it.
struct ObjectCopyRunner::Written {
  const ProofPlan* plan;
  const objects::PutResult* stored;
  std::optional<Digest> computed;  // of plan->compute
  std::uint64_t size;
  bool framed;  // in signed chunks
};

}  // namespace dth::object_copy
