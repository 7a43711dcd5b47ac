#include "plugins/object_copy/selection_options.h"

#include "base/encoding.h"
#include "plugins/object_copy/choices.h"
#include "plugins/object_copy/location.h"
#include "plugins/object_copy/rules/selection_prefixes.h"

namespace dth::object_copy {
namespace {

using options::ParsedValues;

constexpr std::size_t prefixes_max = 10'000;  // inline: they are in the spec

Result<void> parse_rules(const ParsedValues& values, CopyOptions* options) {
  SelectionRules rules;
  rules.include_globs = values.list("include");
  rules.exclude_globs = values.list("exclude");
  rules.include_expressions = values.list("include-regex");
  rules.exclude_expressions = values.list("exclude-regex");
  if (const auto size = values.optional_number("size-min")) rules.size_min = *size;
  if (const auto size = values.optional_number("size-max")) rules.size_max = *size;
  rules.modified_after = values.time("modified-after");
  rules.modified_before = values.time("modified-before");
  rules.storage_classes = values.list("source-storage-class");
  auto selection = Selection::make(std::move(rules));
  if (selection.has_error()) return selection.error();
  options->selection = std::move(*selection);
  return Result<void>();
}

Result<void> parse_archived(const ParsedValues& values, CopyOptions* options) {
  options->archived = values.choice("archived", archived_choices);
  for (const char* name : {"restore-tier", "restore-days", "restore-wait", "restore-poll"}) {
    if (values.is_given(name) && options->archived != ArchivedRule::restore) {
      return Error{ErrorCode::invalid_argument,
                   "--" + std::string(name) + " means something with --archived restore only", ""};
    }
  }
  RestoreRules& restore = options->restore;
  restore.tier = values.choice("restore-tier", tier_choices);
  restore.days = static_cast<std::uint32_t>(values.number("restore-days"));
  restore.wait = values.duration("restore-wait");
  restore.poll = values.duration("restore-poll");
  return Result<void>();
}

Result<void> parse_comparison(const ParsedValues& values, CopyOptions* options) {
  const std::string given = values.text("compare");
  CompareMode& mode = options->comparison.mode;
  mode = values.choice("compare", compare_choices);
  if (values.flag("always")) {
    if (values.is_given("compare") && mode != CompareMode::always) {
      return Error{ErrorCode::invalid_argument,
                   "--always and --compare " + given + " contradict each other; give one of them",
                   ""};
    }
    mode = CompareMode::always;
  }
  options->earlier_ledgers = values.list("earlier-ledger");
  if (!options->earlier_ledgers.empty() &&
      (mode == CompareMode::missing || mode == CompareMode::size || mode == CompareMode::always)) {
    return Error{ErrorCode::invalid_argument,
                 "--earlier-ledger tells whether contents are the same, and --compare " + given +
                     " does not ask that; omit one of them",
                 ""};
  }
  if (!options->earlier_ledgers.empty() && values.is_given("object-list")) {
    return Error{ErrorCode::invalid_argument,
                 "--earlier-ledger is of no use to --object-list, whose objects are all asked for; "
                 "omit one of them",
                 ""};
  }
  options->comparison.newer_only = values.flag("newer-only");
  return Result<void>();
}

Error not_beneath(const std::string& option, const std::string& prefix,
                  const CopyOptions& options) {
  return Error{ErrorCode::invalid_argument,
               option + ": \"" + printable(prefix) +
                   "\" does not begin with the source's own prefix \"" +
                   printable(options.source_key) + "\"; prefixes are those of whole keys",
               ""};
}

Result<void> parse_lists(const ParsedValues& values, CopyOptions* options) {
  std::vector<std::string> prefixes = values.list("source-prefix");
  const std::string prefix_file = values.text("source-prefix-file");
  const std::string object_file = values.text("object-list");
  const int given = !prefixes.empty() + !prefix_file.empty() + !object_file.empty();
  if (given == 0) return Result<void>();
  if (given > 1) {
    return Error{ErrorCode::invalid_argument,
                 "only one of --source-prefix, --source-prefix-file and --object-list can be given",
                 ""};
  }
  if (options->scope != SourceScope::prefix) {
    return Error{ErrorCode::invalid_argument,
                 "the source names one object, so there is nothing to choose from with "
                 "--source-prefix, --source-prefix-file or "
                 "--object-list; let it be a bucket, or end it with a slash",
                 ""};
  }
  if (prefixes.size() > prefixes_max) {
    return Error{ErrorCode::invalid_argument,
                 "--source-prefix: at most " + std::to_string(prefixes_max) +
                     " can be given; write them into a file for --source-prefix-file",
                 ""};
  }
  for (const std::string& prefix : prefixes) {
    if (prefix.empty())
      return Error{ErrorCode::invalid_argument,
                   "--source-prefix: an empty one would be everything; omit it", ""};
    if (!prefix.starts_with(options->source_key))
      return not_beneath("--source-prefix", prefix, *options);
  }
  if (!prefixes.empty()) {
    options->list = SourceList::prefixes;
    options->prefixes = without_covered(std::move(prefixes));
    return Result<void>();
  }
  options->list = prefix_file.empty() ? SourceList::object_file : SourceList::prefix_file;
  options->list_location = prefix_file.empty() ? object_file : prefix_file;
  if (options->list_location.starts_with("s3://")) {
    const std::string option = prefix_file.empty() ? "--object-list" : "--source-prefix-file";
    auto location = parse_location(options->list_location);
    if (location.has_error()) return std::move(location.error()).with_context(option);
    if (location->key.empty() || location->key.ends_with('/')) {
      return Error{
          ErrorCode::invalid_argument,
          option + ": " + location->to_string() + " names no object; write s3://bucket/key", ""};
    }
  }
  return Result<void>();
}

}  // namespace

Result<void> parse_selection_options(const ParsedValues& values, CopyOptions* options) {
  auto parsed = parse_rules(values, options);
  if (parsed.has_value()) parsed = parse_archived(values, options);
  if (parsed.has_value()) parsed = parse_comparison(values, options);
  if (parsed.has_value()) parsed = parse_lists(values, options);
  return parsed;
}

}  // namespace dth::object_copy
