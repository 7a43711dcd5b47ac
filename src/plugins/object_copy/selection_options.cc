#include "plugins/object_copy/selection_options.h"

#include "base/encoding.h"
#include "plugins/object_copy/location.h"
#include "plugins/object_copy/option_table.h"
#include "plugins/object_copy/rules/selection_prefixes.h"

namespace dth::object_copy {
namespace {

constexpr std::size_t prefixes_max = 10'000;  // inline: they are in the spec

std::optional<TimePoint> time_of(const options::Values& spec, std::string_view name) {
  const std::string text = value_of(spec, name);
  if (text.empty() || options::parse_duration(text).has_value()) return std::nullopt;
  return options::parse_time(text, TimePoint{}).value();  // validated
}

Result<void> parse_rules(const options::Values& spec, CopyOptions* options) {
  SelectionRules rules;
  rules.include_globs = options::option_list(spec, "include");
  rules.exclude_globs = options::option_list(spec, "exclude");
  rules.include_expressions = options::option_list(spec, "include-regex");
  rules.exclude_expressions = options::option_list(spec, "exclude-regex");
  if (const std::string size = value_of(spec, "size-min"); !size.empty())
    rules.size_min = options::parse_size(size).value();
  if (const std::string size = value_of(spec, "size-max"); !size.empty())
    rules.size_max = options::parse_size(size).value();
  rules.modified_after = time_of(spec, "modified-after");
  rules.modified_before = time_of(spec, "modified-before");
  rules.storage_classes = options::option_list(spec, "source-storage-class");
  auto selection = Selection::make(std::move(rules));
  if (selection.has_error()) return selection.error();
  options->selection = std::move(*selection);
  return Result<void>();
}

Result<void> parse_archived(const options::Values& spec, CopyOptions* options) {
  const std::string rule = value_of(spec, "archived");
  options->archived = rule == "skip"      ? ArchivedRule::skip
                      : rule == "restore" ? ArchivedRule::restore
                                          : ArchivedRule::fail;
  for (const char* name : {"restore-tier", "restore-days", "restore-wait", "restore-poll"}) {
    if (spec.count(name) != 0 && options->archived != ArchivedRule::restore) {
      return Error{ErrorCode::invalid_argument,
                   "--" + std::string(name) + " means something with --archived restore only", ""};
    }
  }
  RestoreRules& restore = options->restore;
  const std::string tier = value_of(spec, "restore-tier");
  restore.tier = tier == "bulk"        ? objects::RestoreTier::bulk
                 : tier == "expedited" ? objects::RestoreTier::expedited
                                       : objects::RestoreTier::standard;
  const std::string days = value_of(spec, "restore-days");
  // It is a count: digits only. S3 takes what fits its own integer.
  if (days.size() > 9 || std::stoul(days) == 0) {
    return Error{ErrorCode::invalid_argument,
                 "--restore-days takes 1 or more days, and fewer than a milliard", ""};
  }
  restore.days = static_cast<std::uint32_t>(std::stoul(days));
  restore.wait = options::parse_duration(value_of(spec, "restore-wait")).value();
  restore.poll = options::parse_duration(value_of(spec, "restore-poll")).value();
  if (restore.poll < std::chrono::seconds(1)) {
    return Error{ErrorCode::invalid_argument,
                 "--restore-poll takes 1s or more: each look is a request for each object", ""};
  }
  return Result<void>();
}

Result<void> parse_comparison(const options::Values& spec, CopyOptions* options) {
  static constexpr std::pair<std::string_view, CompareMode> modes[] = {
      {"default", CompareMode::standard},  {"missing", CompareMode::missing},
      {"size", CompareMode::size},         {"etag", CompareMode::etag},
      {"checksum", CompareMode::checksum}, {"modified", CompareMode::modified},
      {"always", CompareMode::always}};
  const std::string mode = value_of(spec, "compare");
  for (const auto& [name, value] : modes) {
    if (mode == name) options->comparison.mode = value;
  }
  if (value_of(spec, "always") == "true") {
    if (spec.count("compare") != 0 && mode != "always") {
      return Error{ErrorCode::invalid_argument,
                   "--always and --compare " + mode + " contradict each other; give one of them",
                   ""};
    }
    options->comparison.mode = CompareMode::always;
  }
  options->earlier_ledgers = options::option_list(spec, "earlier-ledger");
  const CompareMode chosen = options->comparison.mode;
  if (!options->earlier_ledgers.empty() &&
      (chosen == CompareMode::missing || chosen == CompareMode::size ||
       chosen == CompareMode::always)) {
    return Error{ErrorCode::invalid_argument,
                 "--earlier-ledger tells whether contents are the same, and --compare " + mode +
                     " does not ask that; omit one of them",
                 ""};
  }
  if (!options->earlier_ledgers.empty() && !value_of(spec, "object-list").empty()) {
    return Error{ErrorCode::invalid_argument,
                 "--earlier-ledger is of no use to --object-list, whose objects are all asked for; "
                 "omit one of them",
                 ""};
  }
  options->comparison.newer_only = value_of(spec, "newer-only") == "true";
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

Result<void> parse_lists(const options::Values& spec, CopyOptions* options) {
  std::vector<std::string> prefixes = options::option_list(spec, "source-prefix");
  const std::string prefix_file = value_of(spec, "source-prefix-file");
  const std::string object_file = value_of(spec, "object-list");
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

Result<void> parse_selection_options(const options::Values& spec, CopyOptions* options) {
  auto parsed = parse_rules(spec, options);
  if (parsed.has_value()) parsed = parse_archived(spec, options);
  if (parsed.has_value()) parsed = parse_comparison(spec, options);
  if (parsed.has_value()) parsed = parse_lists(spec, options);
  return parsed;
}

bool has_relative_times(const options::Values& spec) {
  return options::parse_duration(value_of(spec, "modified-after")).has_value() ||
         options::parse_duration(value_of(spec, "modified-before")).has_value();
}

}  // namespace dth::object_copy
