#include "plugins/object_copy/mirror/remove_job.h"

#include "base/retry.h"
#include "plugins/object_copy/batch_in_work.h"
#include "plugins/object_copy/copy/absence.h"
#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/mirror/extra_line.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/rules/comparison.h"

namespace dth::object_copy {
namespace {

// Is it certain that the request removed nothing?
bool is_refusal(ErrorCode code) {
  switch (code) {
    case ErrorCode::throttled:
    case ErrorCode::not_found:
    case ErrorCode::precondition_failed:
    case ErrorCode::invalid_argument:
    case ErrorCode::unauthenticated:
    case ErrorCode::permission_denied:
    case ErrorCode::unsupported:
      return true;
    default:
      return false;
  }
}

bool is_same_object(const Extra& listed, const objects::ObjectInfo& now) {
  if (!listed.etag.empty()) return is_same_etag(now.etag, listed.etag);
  // What the listing did not report cannot tell it from another one.
  return now.size == listed.size && now.last_modified == listed.modified;
}

Error changed_since() {
  return Error{ErrorCode::precondition_failed,
               "the object was written to since it was listed as one that the source lacks; it was "
               "left as it is; run again to "
               "compare again",
               ""};
}

Error left_out_of_listing() {
  return Error{ErrorCode::unsupported,
               "the source has the object and left it out of a listing of this run; it was left as "
               "it is at the destination; run again to compare again",
               ""};
}

// Objects that only the destination has, each removed as it was listed or not at all.
class RemoveBatch final : public BatchInWork {
 public:
  RemoveBatch(LaneContext& lane, engine::JobContext& context, RemovePayload payload)
      : BatchInWork(lane, context, payload.items.size()),
        extras_(std::move(payload.items)),
        listed_(payload.listed) {}

 private:
  enum class End { removed, gone, back };

  Async<bool> settle(std::size_t index) override {
    Extra& extra = extras_[index];
    RetryOptions options = lane_.retry_options(index);
    RetryReport report;
    auto end = co_await retry(
        lane_.clock, std::move(options), [&] { return attempt(&extra); }, &report);
    lane_.retries += static_cast<std::uint64_t>(report.attempts - 1);
    if (end.has_error() && is_left(end.error(), report)) co_return false;
    ledger::Line line = line_of(lane_.options, extra, lane_.clock.now());
    if (end.has_error()) {
      line.outcome = ledger::Outcome::failed;
      record_failure(std::move(line), end.error(), report.attempts, &finished_);
      finished_.effects.failures.back().step = step_remove;
    } else if (*end == End::gone && !extra.maybe_removed) {
      line.outcome = ledger::Outcome::unchanged;
      line.error = "it was no longer at the destination";
      finished_.effects.counts[Counter::unchanged] += 1;
      finished_.lines.add(line);
    } else if (*end == End::back) {
      line.outcome = ledger::Outcome::unchanged;
      line.error = extra.maybe_removed ? "the source has the object again; an earlier attempt may "
                                         "have deleted it: run again to compare again"
                                       : "the source has the object again; it was left as it is";
      finished_.effects.counts[Counter::unchanged] += 1;
      finished_.lines.add(line);
    } else {
      line.outcome = ledger::Outcome::deleted;
      finished_.effects.counts[Counter::deleted] += 1;
      finished_.lines.add(line);
    }
    co_return true;
  }

  // One try. Where the store cannot check what it removes, we look first, as late as we can.
  Async<Result<End>> attempt(Extra* extra) {
    if (!is_recent() || extra->seen != Seen::no) {
      auto back = co_await is_listed(
          lane_.source.get(),
          lane_.options.source_key + extra->key.substr(lane_.options.destination_key.size()));
      if (back.has_error())
        co_return std::move(back.error())
            .with_context("the source could not be asked once more before the deletion");
      if (*back && extra->seen == Seen::yes) co_return left_out_of_listing();
      if (*back) co_return End::back;
    }
    objects::ObjectStore& store = lane_.stores.destination;
    const bool conditional =
        store.limits().conditional_remove && !lane_.unconditional_removes && !extra->etag.empty();
    if (!conditional) {
      if (!context_.may_start()) co_return cancelled_error();
      auto head = co_await head_for_certain(&store, extra->key, "", extra->etag);
      if (head.has_error() && says_no_such_object(head.error())) co_return End::gone;
      if (head.has_error()) co_return head.error();
      if (!is_same_object(*extra, head->info)) co_return changed_since();
    }
    if (!context_.may_start()) co_return cancelled_error();
    const bool maybe_before = std::exchange(extra->maybe_removed, true);
    objects::RemoveRequest request;
    request.key = extra->key;
    if (conditional) request.if_match = extra->etag;
    request.was_seen = !conditional;
    auto removed = co_await store.remove(std::move(request));
    if (removed.has_value()) co_return End::removed;
    const Error& error = removed.error();
    if (is_refusal(error.code)) extra->maybe_removed = maybe_before;
    if (conditional && says_no_such_object(error)) co_return End::gone;
    if (says_no_such_object(error)) {
      // It was there a moment ago. A store that still lists it contradicts itself.
      auto gone = co_await confirm_absence(&store, extra->key, "", error, extra->etag);
      if (gone.has_error()) co_return gone.error();
      co_return End::gone;
    }
    if (conditional && error.code == ErrorCode::unsupported) {
      lane_.unconditional_removes = true;
      co_return co_await attempt(extra);
    }
    if (error.code == ErrorCode::precondition_failed) co_return changed_since();
    co_return error;
  }

  // Was the source listed without these a moment ago, by this process? Much may happen until a run
  // is resumed.
  bool is_recent() const {
    const Duration age = lane_.clock.monotonic_now() - listed_.time;
    return listed_.process == lane_.tuning.process && !context_.attempted_before() &&
           age <= lane_.tuning.listing_age_max;
  }

  state::NewJob job_of(const std::vector<Left>& left) const override {
    std::vector<Extra> extras;
    for (const Left& one : left) {
      extras.push_back(extras_[one.index]);
      if (one.in_flight) extras.back().maybe_removed = true;
    }
    return remove_job(std::move(extras), listed_);
  }

  std::vector<Extra> extras_;
  const ListedAt listed_;
};

}  // namespace

Async<Result<engine::Finished>> RemoveJob::run(engine::JobContext& context) {
  auto payload = parse_remove_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  // Known to this job only: what is handed on as a new job must not forget it.
  for (Extra& extra : payload->items)
    extra.maybe_removed = extra.maybe_removed || context.attempted_before();
  RemoveBatch batch(lane_, context, std::move(*payload));
  co_return co_await batch.work(lane_.tuning.objects_in_flight_per_job_max);
}

}  // namespace dth::object_copy
