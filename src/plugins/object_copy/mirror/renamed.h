#pragma once

#include "objects/object_store.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/mirror/mirror_payloads.h"

namespace dth::object_copy {

// Finds what a store made of the names of what this run wrote: what the source has and the
// destination lacks, although all was copied, beside what only the destination has, is as large,
// and was written since the run began. Memory and requests are bounded: of each kind the first that
// were seen are remembered (Suspects), and few are asked about.
class RenameWatch {
 public:
  // The run began at `began`. Times of stores are compared with it leniently: their clocks are not
  // ours.
  // `times_tell`: a modification time at the destination is that of its writing. (In a directory a
  // copy has the time of its source.)
  RenameWatch(TimePoint began, bool times_tell) : began_(began), times_tell_(times_tell) {}

  // The destination lacks it; `key` is the one that it would have there.
  void see_missing(std::string key, const objects::ObjectInfo& source, Seen seen,
                   Suspects* suspects) const;
  // Only the destination has it.
  void see_extra(const objects::ObjectInfo& destination, Suspects* suspects) const;
  // Only the destination has it, and the source listed it earlier in the run.
  static void see_unlisted(const Extra& extra, Suspects* suspects);

 private:
  TimePoint began_;
  bool times_tell_;
};

// Asks the source by listings of exactly these keys for what this run listed there, and a later
// listing lacks. The first key that it has all the same: its listings cannot be relied on. Nothing:
// they were deleted meanwhile.
Async<Result<std::optional<std::string>>> find_unlisted(objects::ObjectStore* source,
                                                        const CopyOptions* options,
                                                        Suspects suspects);

// Asks the destination by listings of exactly these keys for what this run listed at the source,
// and the destination's listing lacks although nothing failed. The first key that it really lacks.
Async<Result<std::optional<std::string>>> find_lost(objects::ObjectStore* destination,
                                                    Suspects suspects);

// Two of the suspects that may be one object: the key that is missing, and what may have been made
// of it.
struct Renamed {
  std::string key, made;
};

// Asks the destination by listings of exactly these keys whether it still lacks them. Nothing: no
// pair is left.
Async<Result<std::optional<Renamed>>> find_renamed(objects::ObjectStore* destination,
                                                   Suspects suspects);

// Asks the source for what it lists and the destination lacks. The first key that it then says it
// does not have: its listings cannot be relied on. Nothing: there is none. For runs in which
// something was deleted at the source.
Async<Result<std::optional<std::string>>> find_ghost(objects::ObjectStore* source,
                                                     const CopyOptions* options, Suspects suspects);

}  // namespace dth::object_copy
