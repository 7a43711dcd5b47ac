#include "plugins/object_copy/rules/selection.h"

#include <algorithm>

#include "base/encoding.h"

namespace dth::object_copy {
namespace {

// S3's name of the class that objects have where a listing names none.
constexpr std::string_view standard_class = "STANDARD";

}  // namespace

Result<Selection> Selection::make(SelectionRules rules) {
  Selection selection;
  auto include = PatternSet::make("include", rules.include_globs, rules.include_expressions);
  if (include.has_error()) return include.error();
  auto exclude = PatternSet::make("exclude", rules.exclude_globs, rules.exclude_expressions);
  if (exclude.has_error()) return exclude.error();
  if (rules.size_min > rules.size_max) {
    return Error{ErrorCode::invalid_argument,
                 "--size-min is greater than --size-max, so nothing could be selected", ""};
  }
  if (rules.modified_after && rules.modified_before &&
      *rules.modified_after >= *rules.modified_before) {
    return Error{
        ErrorCode::invalid_argument,
        "--modified-after is not earlier than --modified-before, so nothing could be selected", ""};
  }
  for (const std::string& name : rules.storage_classes) {
    const bool plausible = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '-';
    });
    if (!plausible) {
      return Error{ErrorCode::invalid_argument,
                   "--source-storage-class: \"" + printable(name) +
                       "\" cannot be a storage class; write its name as listings show it, such as "
                       "STANDARD or STANDARD_IA",
                   ""};
    }
  }
  selection.include_ = std::move(*include);
  selection.exclude_ = std::move(*exclude);
  selection.rules_ = std::move(rules);
  return selection;
}

bool Selection::takes_size_and_time(const objects::ObjectInfo& object) const {
  if (object.size < rules_.size_min || object.size > rules_.size_max) return false;
  if (rules_.modified_after &&
      object.last_modified < objects::Reported<TimePoint>(*rules_.modified_after))
    return false;
  if (rules_.modified_before &&
      object.last_modified >= objects::Reported<TimePoint>(*rules_.modified_before))
    return false;
  return true;
}

bool Selection::takes_properties(const objects::ObjectInfo& object) const {
  if (!takes_size_and_time(object)) return false;
  if (rules_.storage_classes.empty()) return true;
  const std::string_view name =
      object.storage_class.empty() ? standard_class : std::string_view(object.storage_class);
  return std::find(rules_.storage_classes.begin(), rules_.storage_classes.end(), name) !=
         rules_.storage_classes.end();
}

}  // namespace dth::object_copy
