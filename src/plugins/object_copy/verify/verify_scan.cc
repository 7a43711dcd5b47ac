#include "plugins/object_copy/scan/paired_listings.h"
#include "plugins/object_copy/verify/check.h"

namespace dth::object_copy {

using state::Counter;

// Collects what a scan found until it is recorded: what needs no request is settled, the rest goes
// into batches.
class VerifyStep {
 public:
  VerifyStep(const CopyOptions& options, const CopyTuning& tuning,
             const objects::StoreLimits& source, const objects::StoreLimits& destination)
      : options_(options),
        tuning_(tuning),
        source_limits_(source),
        destination_limits_(destination) {}

  // `key` is beneath `prefix`, which is the source's.
  void see(const std::string& prefix, std::string_view key, const objects::ObjectInfo* source,
           const objects::ObjectInfo* destination, TimePoint now) {
    ++keys_;
    const bool seen_before = cursor_.size() == prefix.size() + key.size() &&
                             cursor_.starts_with(prefix) && cursor_.ends_with(key);
    cursor_.assign(prefix).append(key);
    if (source && source->hidden_size > 0) {
      // What the destination has there is neither extra nor compared.
      const bool is_it = std::string_view(source->key).substr(prefix.size()) == key;
      if (is_it && !seen_before) see_hidden(*source, now);
    } else if (!source && destination->hidden_size > 0) {
      // What it may hold of the source fails with its own keys.
    } else if (source) {
      see_source(*source, destination, now);
    } else {
      see_extra(*destination, now);
    }
  }

  // As ScanStep's.
  void go_on_behind(const std::string& key) { cursor_ = key; }

  // Is it time to record?
  bool due() const {
    return keys_ >= tuning_.scan_keys_per_step_max || finished_.effects.jobs.size() >= jobs_max;
  }
  const std::string& cursor() const { return cursor_; }

  engine::Finished take() {
    close_batch();
    close_repairs();
    keys_ = 0;
    return std::exchange(finished_, {});
  }

  void see_source(const objects::ObjectInfo& source, const objects::ObjectInfo* destination,
                  TimePoint now) {
    state::Counts& counts = finished_.effects.counts;
    counts[Counter::scanned] += 1;
    if (!options_.selection.takes(options_.relative_key(source.key), source)) return;
    counts[Counter::selected] += 1;
    if (destination && destination->hidden_size > 0) {
      record_failure(source.key, source.size.value_or(0), hidden_at_destination(*destination), 0,
                     now, &finished_);
      return;
    }
    Item item;
    item.key = source.key;
    item.size = source.size.value_or(0);
    item.etag = source.etag;
    item.modified = source.last_modified;
    if (destination) item.destination_etag = destination->etag;
    const Finding finding =
        destination ? compare_listed(source, *destination, source_limits_, destination_limits_)
                    : Finding::missing();
    if (is_settled_by(finding, item.key)) {
      record_finding(options_, item, finding, now, &finished_, &repairs_);
      if (repairs_.size() >= tuning_.batch_items_max) close_repairs();
      return;
    }
    batch_bytes_ += options_.verify.method == VerifyMethod::read_back ? item.size : 0;
    batch_.push_back(std::move(item));
    if (batch_.size() >= tuning_.batch_items_max || batch_bytes_ >= tuning_.batch_bytes_max)
      close_batch();
  }

 private:
  static constexpr std::size_t jobs_max = 16;

  // Does what the listings tell leave nothing to be asked for?
  bool is_settled_by(const Finding& finding, const std::string& key) const {
    const VerifyRules& rules = options_.verify;
    if (finding.kind == Finding::Kind::differs || finding.kind == Finding::Kind::missing)
      return true;
    if (rules.method == VerifyMethod::listing) return true;
    if (rules.method == VerifyMethod::read_back && is_sampled(key, rules.sample_percent))
      return false;
    return finding.kind == Finding::Kind::same && finding.proof.kind == Counter::proof_equal_etags;
  }

  void see_hidden(const objects::ObjectInfo& source, TimePoint now) {
    const std::string hidden(source.hidden());
    if (!hidden.ends_with('/') && !options_.selection.takes_key(options_.relative_key(hidden)))
      return;
    finished_.effects.counts[Counter::scanned] += 1;
    finished_.effects.counts[Counter::selected] += 1;
    record_hidden(hidden, source.obstacle, now, &finished_);
  }

  void see_extra(const objects::ObjectInfo& destination, TimePoint now) {
    const std::string key =
        options_.source_key + destination.key.substr(options_.destination_key.size());
    if (!options_.selection.takes_key(options_.relative_key(key))) return;
    finished_.effects.counts[Counter::extra] += 1;
    if (!options_.verify.report_extra) return;
    ledger::Line line;
    line.key = key;
    line.destination_key = destination.key;
    line.outcome = "extra";
    line.size = destination.size.value_or(0);
    line.destination_etag = destination.etag;
    line.at = now;
    finished_.lines.add(line);
  }

  void close_batch() {
    if (!batch_.empty()) finished_.effects.jobs.push_back(check_job(std::exchange(batch_, {})));
    batch_bytes_ = 0;
  }

  // Large objects are copied by jobs of their own.
  void close_repairs() {
    std::vector<Item> small;
    for (Item& item : std::exchange(repairs_, {})) {
      if (item.size > options_.multipart_threshold_bytes) {
        finished_.effects.jobs.push_back(copy_job({std::move(item)}));
      } else {
        small.push_back(std::move(item));
      }
    }
    if (!small.empty()) finished_.effects.jobs.push_back(copy_job(std::move(small)));
  }

  const CopyOptions& options_;
  const CopyTuning& tuning_;
  const objects::StoreLimits& source_limits_;
  const objects::StoreLimits& destination_limits_;
  engine::Finished finished_;
  std::vector<Item> batch_, repairs_;
  std::uint64_t batch_bytes_ = 0;
  std::uint32_t keys_ = 0;
  std::string cursor_;
};

Async<Result<engine::Finished>> ObjectCopyRunner::scan_to_verify(engine::JobContext& context) {
  if (lane_.options.scope == SourceScope::object) co_return co_await scan_one_to_verify();
  auto payload = parse_scan_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  if (payload->list) co_return co_await read_list(context, std::move(*payload));
  VerifyStep step(lane_.options, lane_.tuning, lane_.stores.source.limits(),
                  lane_.stores.destination.limits());
  for (;;) {
    auto ended = co_await verify_prefix(context, &step, &*payload);
    if (ended.has_error()) co_return ended.error();
    if (*ended && payload->prefixes.size() <= 1) co_return step.take();
    if (*ended) {
      payload->prefixes.erase(payload->prefixes.begin());
      payload->after.clear();
    }
    bool go_on = *ended && !context.stop_requested();
    if (go_on && step.due()) {
      auto recorded = co_await record_verify(context, &step, &*payload);
      if (recorded.has_error()) co_return recorded.error();
      go_on = *recorded;
    }
    if (go_on) continue;
    engine::Finished finished = step.take();
    finished.effects.jobs.push_back(scan_job(std::move(*payload)));
    co_return finished;
  }
}

// Looks at all that is beneath one prefix, at both sides, from where `payload` says on, which it
// moves. False: it is to be handed on.
Async<Result<bool>> ObjectCopyRunner::verify_prefix(engine::JobContext& context, VerifyStep* step,
                                                    ScanPayload* payload) {
  const std::string prefix =
      payload->prefixes.empty() ? lane_.options.source_key : payload->prefixes.front();
  PairedScope scope{prefix, lane_.options.destination_key_of(prefix)};
  if (!payload->after.empty()) scope.after = payload->after.substr(prefix.size());
  PairedListings sides(*lane_.source, *lane_.destination, lane_.executor, scope, lane_.options);
  step->go_on_behind(payload->after);
  Result<bool> going_on = true;
  while (!sides.exhausted() && going_on.has_value() && *going_on) {
    auto read = co_await sides.read(lane_.clock.monotonic_now());
    if (read.has_error()) {
      going_on = read.error();
      break;
    }
    const TimePoint now = lane_.clock.now();
    sides.walk(
        [&](std::string_view key, const objects::ObjectInfo* from, const objects::ObjectInfo* to) {
          step->see(prefix, key, from, to, now);
          payload->after = step->cursor();
          return !step->due();
        });
    if (sides.exhausted()) break;
    if (context.stop_requested()) {
      going_on = false;
    } else if (step->due()) {
      going_on = co_await record_verify(context, step, payload);
    }
  }
  co_await sides.stop();
  co_return going_on;
}

// False: a stop is requested.
Async<Result<bool>> ObjectCopyRunner::record_verify(engine::JobContext& context, VerifyStep* step,
                                                    ScanPayload* payload) {
  engine::Finished part = step->take();
  part.effects.counts += lane_.take_request_counts();
  std::string cursor = to_json(*payload);
  auto recorded =
      co_await context.advance(std::move(cursor), std::move(part.effects), std::move(part.lines));
  if (recorded.has_error()) co_return recorded.error();
  auto room = co_await context.wait_for_room(kind_check, lane_.tuning.backlog_items_max);
  if (room.has_value())
    room = co_await context.wait_for_room(kind_copy, lane_.tuning.backlog_items_max);
  if (room.has_error() && !context.stop_requested()) co_return room.error();
  co_return room.has_value();
}

Async<Result<engine::Finished>> ObjectCopyRunner::scan_one_to_verify() {
  auto source = co_await lane_.source->head(lane_.options.source_key, "");
  if (source.has_error()) {
    if (source.error().code != ErrorCode::not_found) co_return source.error();
    co_return std::move(source.error())
        .with_context(
            "there is no such object; to check everything beneath it, end the source with a slash");
  }
  source->info.key = lane_.options.source_key;
  auto destination = co_await lane_.destination->head(lane_.options.destination_key, "");
  if (destination.has_error() && destination.error().code != ErrorCode::not_found)
    co_return destination.error();
  VerifyStep step(lane_.options, lane_.tuning, lane_.stores.source.limits(),
                  lane_.stores.destination.limits());
  step.see_source(source->info, destination.has_value() ? &destination->info : nullptr,
                  lane_.clock.now());
  co_return step.take();
}

}  // namespace dth::object_copy
