#include "plugins/object_copy/task.h"

#include <cctype>

#include "options/parsed_values.h"
#include "plugins/object_copy/location.h"
#include "plugins/object_copy/mirror_options.h"
#include "plugins/object_copy/option_table.h"
#include "plugins/object_copy/selection_options.h"

namespace dth::object_copy {
namespace {

using options::ParsedValues;

// Of a process that finds the number itself: each transfer takes 60 to 80 KiB where the way is
// long, and a worker shall stay below 256 MiB.
constexpr std::uint64_t concurrency_automatic_max = 2048;

Error wrong(std::string message) {
  return Error{ErrorCode::invalid_argument, std::move(message), ""};
}

CopyTuning read_tuning(const ParsedValues& values) {
  CopyTuning tuning;
  const std::uint64_t concurrency = values.number("concurrency");
  tuning.concurrency_automatic = concurrency == 0;
  tuning.objects_in_flight_max =
      static_cast<std::uint32_t>(concurrency == 0 ? concurrency_automatic_max : concurrency);
  tuning.attempts_max = static_cast<std::uint32_t>(values.number("attempts"));
  tuning.unreachable_timeout = values.duration("unreachable-timeout");
  return tuning;
}

// With fewer in flight than lanes some would have nothing to do. 0: that is found by trying.
unsigned lanes_worth(std::uint64_t concurrency) {
  constexpr unsigned no_limit = engine::Task::Traits().lanes_max;
  return concurrency == 0 ? no_limit
                          : static_cast<unsigned>(std::min<std::uint64_t>(concurrency, no_limit));
}

SideSettings read_side(const ParsedValues& values, const std::string& side,
                       const Location& location, bool writes) {
  SideSettings settings;
  settings.side = side;
  settings.scheme = location.scheme;
  settings.bucket = location.bucket;
  settings.read_only = side == "source" || !writes;
  read_endpoint_options(values, &settings);
  settings.unsigned_payload = values.flag("unsigned-payload");
  settings.answer_timeout = values.duration("answer-timeout");
  settings.writes_with_customer_key = side == "destination" && values.text("encryption") == "sse-c";
  return settings;
}

// An endpoint's URL as far as it says where that is: "HTTP://Host:80/" is "http://host".
std::string place_of(std::string url) {
  for (char& c : url) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  while (url.ends_with('/')) url.pop_back();
  const std::string_view port = url.starts_with("https://") ? ":443" : ":80";
  if (url.ends_with(port)) url.resize(url.size() - port.size());
  return url;
}

bool is_one_bucket(const SideSettings& source, const SideSettings& destination) {
  return source.scheme == destination.scheme && source.bucket == destination.bucket &&
         place_of(source.endpoint_url) == place_of(destination.endpoint_url);
}

// Options that say how a server is reached mean nothing for a directory.
Result<void> check_options_of_directory(const ParsedValues& values, const SideSettings& settings) {
  if (settings.scheme != "file") return Result<void>();
  for (const options::Option& option : option_table()) {
    if (option.group != settings.side || !values.is_given(option.name)) continue;
    return wrong("--" + std::string(option.name) + " means nothing here, because the " +
                 settings.side + " is a directory; omit it");
  }
  return Result<void>();
}

Result<void> read_options(const ParsedValues& values, TimePoint begun_at, bool one_bucket,
                          CopyOptions* options) {
  auto parsed = parse_mirror_options(values, options);
  if (parsed.has_value()) parsed = parse_selection_options(values, options);
  if (parsed.has_error()) return parsed.error();
  options->dry_run = values.flag("dry-run");
  options->multipart_threshold_bytes = values.number("multipart-threshold");
  options->part_size_bytes = values.number("part-size");
  auto at_destination = parse_destination_options(values, begun_at);
  if (at_destination.has_error()) return at_destination.error();
  options->at_destination = std::move(*at_destination);
  const bool one_place = one_bucket && options->source_key == options->destination_key;
  if (one_place && options->action == options::Action::copy &&
      options->at_destination.changes_objects()) {
    options->in_place = true;
    options->comparison.mode =
        CompareMode::always;  // the listings of both sides are one: by them nothing ever differs
    keep_what_is_not_changed(values, &options->at_destination);
  }
  return Result<void>();
}

}  // namespace

Result<std::shared_ptr<const ObjectCopyTask>> parse_task(engine::TaskSpec spec,
                                                         TimePoint begun_at) {
  auto values = ParsedValues::parse(option_table(), spec.options, spec.action, begun_at);
  if (values.has_error()) return values.error();
  auto source = parse_location(values->text("source"));
  if (source.has_error()) return source.error();
  auto destination = parse_location(values->text("destination"));
  if (destination.has_error()) return destination.error();
  auto options = plan_locations(*source, *destination, values->flag("prefix-match"));
  if (options.has_error()) return options.error();
  options->action = spec.action;
  const engine::Task::Traits traits{
      .is_dry_run = values->flag("dry-run"),
      .repairs = values->flag("repair"),
      .accepts_unverified = values->text("unverified") == "warn",
      .lanes_max = lanes_worth(values->number("concurrency")),
  };
  const bool writes =
      !traits.is_dry_run && (spec.action != options::Action::verify || traits.repairs);
  ObjectCopyTask::Parts parts{
      .options = std::move(*options),
      .tuning = read_tuning(*values),
      .source = read_side(*values, "source", *source, writes),
      .destination = read_side(*values, "destination", *destination, writes)};
  const bool one_bucket = is_one_bucket(parts.source, parts.destination);
  auto read = read_options(*values, begun_at, one_bucket, &parts.options);
  if (read.has_value() && spec.retry && spec.action == options::Action::verify) {
    return wrong("what verify found cannot be tried again by itself: run it again as a whole");
  }
  if (read.has_value()) read = check_options_of_directory(*values, parts.source);
  if (read.has_value()) read = check_options_of_directory(*values, parts.destination);
  if (read.has_value() && one_bucket) read = check_overlap(parts.options);
  if (read.has_error()) return read.error();
  return std::make_shared<const ObjectCopyTask>(std::move(spec), begun_at, traits,
                                                std::move(parts));
}

}  // namespace dth::object_copy
