#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "objects/reported.h"
#include "plugins/object_copy/rules/deletion_limits.h"
#include "plugins/object_copy/rules/seen_keys.h"

// What the jobs of mirroring carry, as JSON.
namespace dth::object_copy {

inline constexpr char kind_find_extra[] = "object_copy/find_extra";
inline constexpr char kind_remove[] = "object_copy/remove";
inline constexpr char step_remove[] =
    "remove";                                // of a state::Failure: the item could not be removed
inline constexpr char step_name[] = "name";  // the destination does not keep the item's name: what
                                             // it made of it looks like an object of its own
inline constexpr char step_listing[] = "listing";  // the source lists the item and says that it has
                                                   // none: its listings are not to be relied on

// An object that only the destination has, as it was listed.
struct Extra {
  std::string key = {};  // at the destination
  objects::Reported<std::uint64_t> size = {};
  std::string etag = {};
  objects::Reported<TimePoint> modified = {};
  bool maybe_removed = false;  // an earlier attempt of ours may have removed it
  Seen seen = Seen::no;        // did this run list it at the source before?
};

// When the source was listed without the objects that are to be removed: a time of one process's
// monotonic clock.
struct ListedAt {
  std::uint64_t process = 0;  // CopyTuning::process of who listed; 0: not known
  MonotonicTime time{};
};

// See RenameWatch.
struct Suspects {
  std::vector<Extra> missing;  // the source has them and the destination lacks them; the keys are
                               // the destination's
  std::vector<Extra> extra;
  std::vector<Extra> unlisted;  // extra, although the source listed them earlier in this run
};

// First a survey counts what would be deleted, then the brakes are looked at. The survey keeps what
// it found as long as that is not too much; then it is removed without another look. Else a second
// job lists both sides again, and removes.
struct FindExtraPayload {
  bool removing = false;  // it is the second job
  std::uint64_t prefix =
      0;  // of CopyOptions::prefixes, where these narrow the run down: the one that is looked at
  std::optional<std::string>
      after;            // keys up to this, beneath the prefix, have been looked at; nothing: none
  SurveyCounts counts;  // so far; of the second job, what the survey counted
  std::uint64_t removals = 0;  // emitted by the second job
  std::vector<Extra> kept;     // by the survey
  bool kept_all = true;
  ListedAt kept_listed = {};  // the oldest listing of what was kept
  Suspects suspects = {};     // of the survey
  // --- where deletions need an approval
  std::uint64_t approved = 0;             // of the second job: how many it may remove
  std::vector<std::string> samples = {};  // of the survey: the first keys that would be deleted
  // What earlier surveys of this run recorded as failed, because it could not be listed.
  std::vector<std::string> hidden = {};
  // ---
  std::string retry_of = {};           // only what could not be removed by that run
  std::vector<std::string> keys = {};  // and of that only these keys of the source; none: all
};

struct RemovePayload {
  std::vector<Extra> items;
  ListedAt listed = {};  // the oldest listing of these
};

std::string to_json(const FindExtraPayload& payload);
std::string to_json(const RemovePayload& payload);

// data_corrupted for what to_json() cannot have written.
Result<FindExtraPayload> parse_find_extra_payload(std::string_view json);
Result<RemovePayload> parse_remove_payload(std::string_view json);

}  // namespace dth::object_copy
