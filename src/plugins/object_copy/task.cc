#include "plugins/object_copy/task.h"

#include <filesystem>

#include "credentials/credential_kinds.h"
#include "options/parsed_values.h"
#include "plugins/object_copy/location.h"
#include "plugins/object_copy/mirror_options.h"
#include "plugins/object_copy/selection_options.h"

namespace dth::object_copy {
namespace {

using options::ParsedValues;

// Of a process that finds the number itself: each transfer takes 60 to 80 KiB where the way is
// long, and a worker shall stay below 256 MiB.
constexpr std::uint64_t concurrency_automatic_max = 2048;

Error wrong_spec(std::string message) {
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

// How a run reaches a store, whatever the location.
Result<objects::StoreRequest> read_side(const ParsedValues& values, const engine::TaskSpec& spec,
                                        const OptionTable& table, const std::string& side,
                                        const Location& location) {
  auto kind = table.endpoints().find_kind(location.scheme);
  if (kind.has_error()) return kind.error();
  auto endpoint = table.endpoints().read(**kind, side, spec.options);
  if (endpoint.has_error()) return endpoint.error();
  objects::StoreRequest request;
  request.endpoint = std::move(*endpoint);
  request.owner = objects::SideOptions::owner_of(side);
  request.bucket = location.bucket;
  request.unsigned_payload = values.flag("unsigned-payload");
  request.answer_timeout = values.duration("answer-timeout");
  request.customer_key.ref = {.kind = std::string(credentials::kind_sse_c_key), .name = side};
  return request;
}

Result<objects::StoreRequest> read_source(const ParsedValues& values, const engine::TaskSpec& spec,
                                          const OptionTable& table, const Location& location) {
  auto request = read_side(values, spec, table, "source", location);
  if (request.has_value()) request->read_only = true;
  return request;
}

Result<objects::StoreRequest> read_destination(const ParsedValues& values,
                                               const engine::TaskSpec& spec,
                                               const OptionTable& table, const Location& location,
                                               bool writes) {
  auto request = read_side(values, spec, table, "destination", location);
  if (request.has_error()) return request;
  request->read_only = !writes;
  request->may_be_missing = true;
  using Rule = objects::StoreRequest::CustomerKey::Rule;
  const bool encrypts = values.text("encryption") == "sse-c";
  request->customer_key.rule = encrypts ? Rule::required : Rule::excluded;
  request->customer_key.because = encrypts ? "--encryption sse-c" : "--encryption is not sse-c";
  return request;
}

// Where the list of objects or prefixes is read from, if it is neither a file nor in the source.
Result<std::optional<objects::StoreRequest>> read_list(const ParsedValues& values,
                                                       const engine::TaskSpec& spec,
                                                       const OptionTable& table,
                                                       const std::string& list_location,
                                                       const objects::StoreRequest& source) {
  const std::optional<objects::StoreRequest> none;
  if (!list_location.starts_with("s3://")) return none;
  auto location = parse_location(list_location);
  if (location.has_error()) return location.error();
  const bool is_source =
      location->scheme == source.endpoint.kind && location->bucket == source.bucket;
  if (is_source) return none;
  auto request = read_source(values, spec, table, *location);
  if (request.has_error()) return request.error();
  return std::optional(std::move(*request));
}

Result<bool> is_one_bucket(const OptionTable& table, const objects::StoreRequest& source,
                           const objects::StoreRequest& destination) {
  if (source.endpoint.kind != destination.endpoint.kind || source.bucket != destination.bucket)
    return false;
  auto kind = table.endpoints().find_kind(source.endpoint.kind);
  if (kind.has_error()) return kind.error();
  return (*kind)->is_one_place(source.endpoint, destination.endpoint);
}

// Options that say how a server is reached mean nothing for a directory.
Result<void> check_sides(const engine::TaskSpec& spec, const OptionTable& table,
                         const ObjectCopyTask::Parts& parts) {
  for (const objects::StoreRequest* request : {&parts.source, &parts.destination}) {
    auto kind = table.endpoints().find_kind(request->endpoint.kind);
    if (kind.has_error()) return kind.error();
    auto checked = table.endpoints().check(**kind, request->owner.name, spec.options, table.all());
    if (checked.has_error()) return checked;
  }
  return Result<void>();
}

// Checks where the run's own ledger is to be; what records it reads the place again. The options
// of the side "ledger" also say how earlier ledgers are reached.
Result<void> read_ledgers(const ParsedValues& values, const engine::TaskSpec& spec,
                          const OptionTable& table, ObjectCopyTask::Parts* parts) {
  bool has_server = false;
  if (values.is_given("ledger")) {
    auto place = ledger::read_ledger_place(values.text("ledger"), table.endpoints(), spec.options);
    if (place.has_error()) return place.error();
    has_server = !place->is_directory();
  }
  std::error_code unknown;
  const std::string here = std::filesystem::current_path(unknown).string();
  for (const std::string& text : parts->options.earlier_ledgers) {
    auto place = ledger::read_ledger_place(ledger::absolute_ledger_place(text, here),
                                           table.endpoints(), spec.options);
    if (place.has_error()) return std::move(place.error()).with_context("--earlier-ledger");
    has_server = has_server || !place->is_directory();
    parts->earlier_ledgers.push_back(std::move(*place));
  }
  for (const options::Option& option : table.endpoints().all()) {
    if (has_server || option.group != ledger::ledger_side || !values.is_given(option.name))
      continue;
    return wrong_spec("--" + std::string(option.name) +
                      " means nothing here, because no ledger is in a bucket; omit it");
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

std::string identity_of(const engine::TaskSpec& spec) {
  std::string identity;
  for (const char* name :
       {"source", "source-endpoint-url", "destination", "destination-endpoint-url"}) {
    identity += spec.option(name) + '\n';
  }
  return identity;
}

Result<std::shared_ptr<const ObjectCopyTask>> parse_task(engine::TaskSpec spec, TimePoint begun_at,
                                                         const OptionTable& table) {
  auto values = ParsedValues::parse(table.all(), spec.options, spec.action, begun_at);
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
  auto from = read_source(*values, spec, table, *source);
  if (from.has_error()) return from.error();
  auto to = read_destination(*values, spec, table, *destination, writes);
  if (to.has_error()) return to.error();
  ObjectCopyTask::Parts parts{.options = std::move(*options),
                              .tuning = read_tuning(*values),
                              .source = std::move(*from),
                              .destination = std::move(*to)};
  auto one_bucket = is_one_bucket(table, parts.source, parts.destination);
  if (one_bucket.has_error()) return one_bucket.error();
  auto read = read_options(*values, begun_at, *one_bucket, &parts.options);
  if (read.has_value() && spec.retry && spec.action == options::Action::verify) {
    return wrong_spec("what verify found cannot be tried again by itself: run it again as a whole");
  }
  if (read.has_value()) read = check_sides(spec, table, parts);
  if (read.has_value()) read = read_ledgers(*values, spec, table, &parts);
  if (read.has_value() && *one_bucket) read = check_overlap(parts.options);
  if (read.has_error()) return read.error();
  auto list = read_list(*values, spec, table, parts.options.list_location, parts.source);
  if (list.has_error()) return list.error();
  parts.list = std::move(*list);
  return std::make_shared<const ObjectCopyTask>(std::move(spec), begun_at, traits,
                                                std::move(parts));
}

}  // namespace dth::object_copy
