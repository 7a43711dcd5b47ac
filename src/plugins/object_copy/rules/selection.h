#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objects/requests.h"
#include "plugins/object_copy/rules/selection_patterns.h"

namespace dth::object_copy {

// What is done with objects that cannot be read before they are restored, where they would have to
// be copied.
enum class ArchivedRule { fail, skip, restore };

// The rules by which a run takes some of the objects of its source. Those that are not given take
// everything.
struct SelectionRules {
  std::vector<std::string> include_globs = {};
  std::vector<std::string> exclude_globs = {};
  std::vector<std::string> include_expressions = {};
  std::vector<std::string> exclude_expressions = {};
  std::uint64_t size_min = 0;
  std::uint64_t size_max = UINT64_MAX;
  std::optional<TimePoint> modified_after = {};   // then, or later
  std::optional<TimePoint> modified_before = {};  // before then
  std::vector<std::string> storage_classes = {};
};

// The rules, compiled. Pure, and cheap to copy; a key costs no allocation.
class Selection {
 public:
  // Takes everything.
  Selection() = default;

  // invalid_argument: a pattern that is none, a range that is empty.
  static Result<Selection> make(SelectionRules rules);

  // By the rules for keys alone: it matches an include pattern, if there are any, and no exclude
  // pattern. `relative_key` is what CopyOptions::relative_key() gives.
  bool takes_key(std::string_view relative_key) const {
    return (include_.empty() || include_.matches(relative_key)) && !exclude_.matches(relative_key);
  }

  // Of a folder ("a/b/"): is it certain that no key in it is taken?
  bool leaves_out_folder(std::string_view relative_folder) const {
    return exclude_.matches_all_in(relative_folder) ||
           (!include_.empty() && include_.matches_none_in(relative_folder));
  }

  // Are there no rules for keys?
  bool takes_every_key() const { return include_.empty() && exclude_.empty(); }

  // Is what the rules ask for known of this object? `takes_properties()` takes what it does not
  // know.
  bool can_tell(const objects::ObjectInfo& object) const {
    return (object.size.known() || !narrows_sizes()) &&
           (object.last_modified.known() || !narrows_times());
  }
  bool narrows_sizes() const { return rules_.size_min > 0 || rules_.size_max < UINT64_MAX; }
  bool narrows_times() const { return rules_.modified_after || rules_.modified_before; }

  bool takes_size_and_time(const objects::ObjectInfo& object) const;

  // By what else a listing tells: size, time, storage class.
  bool takes_properties(const objects::ObjectInfo& object) const;

  bool takes(std::string_view relative_key, const objects::ObjectInfo& object) const {
    return takes_properties(object) && takes_key(relative_key);
  }

 private:
  SelectionRules rules_;
  PatternSet include_, exclude_;
};

}  // namespace dth::object_copy
