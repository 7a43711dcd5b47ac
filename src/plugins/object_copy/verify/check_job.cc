#include "plugins/object_copy/verify/check_job.h"

#include "base/retry.h"
#include "plugins/object_copy/batch_in_work.h"
#include "plugins/object_copy/copy/absence.h"
#include "plugins/object_copy/copy/computed_digest.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/rules/verify_result.h"
#include "plugins/object_copy/verify/record_result.h"

namespace dth::object_copy {
namespace {

// One side of an object that is read: how far, and what of it is known. An attempt that broke off
// goes on from there.
struct Reading {
  std::uint64_t size = 0;
  std::uint64_t position = 0;
  Hasher hasher{HashAlgorithm::sha256};
  Digest sha256;  // once it is read to its end
};

// `listed`: the size that both sides were listed with; 0: not known.
Async<Result<void>> read(objects::ObjectStore* store, std::string key, std::string etag,
                         std::uint64_t listed, Reading* reading) {
  if (!reading->sha256.empty()) co_return Result<void>();
  if (etag.empty()) *reading = Reading();  // nothing binds a second request to the same version
  if (reading->position == 0 || reading->position < reading->size) {
    objects::GetRequest request;
    request.key = std::move(key);
    request.if_match = std::move(etag);
    if (listed > 0) request.size_expected = listed;
    if (reading->position > 0)
      request.range = objects::ByteRange{reading->position, reading->size - reading->position};
    auto got = co_await store->get(std::move(request));
    if (got.has_error()) co_return got.error();
    reading->size = got->head.info.size.value();
    for (;;) {
      auto piece = co_await got->body->next();
      if (piece.has_error()) co_return piece.error();
      if (piece->empty()) break;
      reading->hasher.update(*piece);
      reading->position += piece->size();
    }
  }
  reading->sha256 = reading->hasher.finish();
  co_return Result<void>();
}

Error changed_meanwhile(const char* side) {
  return Error{ErrorCode::precondition_failed,
               std::string("the object changed at the ") + side +
                   " while it was being checked; run again when that has calmed down",
               ""};
}

// Objects that both sides have, each compared by what the stores state of it or give of it.
class CheckBatch final : public BatchInWork {
 public:
  CheckBatch(LaneContext& lane, engine::JobContext& context, std::vector<Item> items)
      : BatchInWork(lane, context, items.size()), items_(std::move(items)) {}

 private:
  struct Attempt {
    Item item;
    Reading source, destination;
    bool deleted_at_source = false;  // the source has it no more
    VerifyResult result;
  };

  Async<bool> settle(std::size_t index) override {
    Attempt attempt;
    attempt.item = items_[index];
    RetryOptions options = lane_.retry_options(index);
    RetryReport report;
    const VerifyRules& rules = lane_.options.verify;
    const bool reads = rules.method == VerifyMethod::read_back &&
                       is_sampled(attempt.item.key, rules.sample_percent);
    auto ended = co_await retry(
        lane_.clock, std::move(options),
        [&] { return reads ? read_both(&attempt) : ask_both(&attempt); }, &report);
    lane_.retries += static_cast<std::uint64_t>(report.attempts - 1);
    if (ended.has_error() && is_left(ended.error(), report)) co_return false;
    const TimePoint now = lane_.clock.now();
    if (ended.has_error()) {
      record_failure(attempt.item.key, attempt.item.size, ended.error(), report.attempts, now,
                     &finished_);
    } else if (attempt.deleted_at_source) {
      record_deleted_at_source(attempt.item, now, &finished_);
    } else {
      std::vector<Item> repairs;
      record_result(lane_.options, attempt.item, attempt.result, now, &finished_, &repairs);
      if (!repairs.empty()) finished_.effects.jobs.push_back(copy_job(std::move(repairs)));
    }
    co_return true;
  }

  Async<Result<void>> ask_both(Attempt* attempt) {
    objects::ObjectStore& from = lane_.stores.source;
    objects::ObjectStore& to = lane_.stores.destination;
    if (!context_.may_start()) co_return cancelled_error();
    auto source = co_await head_for_certain(&from, attempt->item.key, "", attempt->item.etag);
    if (source.has_error()) co_return note_absence(attempt, source.error(), true);
    attempt->item.size = source->info.size.value();
    attempt->item.etag = source->info.etag;
    if (!context_.may_start()) co_return cancelled_error();
    auto destination =
        co_await head_for_certain(&to, lane_.options.destination_key_of(attempt->item.key), "",
                                  attempt->item.destination_etag);
    if (destination.has_error()) co_return note_absence(attempt, destination.error(), false);
    attempt->item.destination_etag = destination->info.etag;
    const StatedSide ours{from, attempt->item.key, &*source};
    const StatedSide theirs{to, lane_.options.destination_key_of(attempt->item.key), &*destination};
    auto stated = co_await compute_digests(ours, theirs, lane_.options.part_size_bytes);
    if (stated.has_error()) {
      if (stated.error().code == ErrorCode::precondition_failed)
        co_return changed_meanwhile("source or at the destination");
      co_return stated.error();
    }
    attempt->result = compare_stated(*source, *destination, stated->source, stated->destination);
    if (stated->computed > 0 && attempt->result.kind == VerifyResult::Kind::same) {
      attempt->result.proof.kind = stated->computed == 2 ? ledger::ProofKind::read_back
                                                         : ledger::ProofKind::transit_checksum;
    }
    co_return Result<void>();
  }

  // One after the other: two bodies at once might each wait for the buffers that the other's kind
  // holds.
  Async<Result<void>> read_both(Attempt* attempt) {
    const Item& item = attempt->item;
    if (!context_.may_start()) co_return cancelled_error();
    auto source =
        co_await read(&lane_.stores.source, item.key, item.etag, item.size, &attempt->source);
    if (source.has_error()) {
      if (source.error().code == ErrorCode::precondition_failed)
        co_return changed_meanwhile("source");
      co_return co_await confirm_and_note(attempt, std::move(source.error()), true);
    }
    if (!context_.may_start()) co_return cancelled_error();
    auto destination =
        co_await read(&lane_.stores.destination, lane_.options.destination_key_of(item.key),
                      item.destination_etag, item.size, &attempt->destination);
    if (destination.has_error()) {
      if (destination.error().code == ErrorCode::precondition_failed)
        co_return changed_meanwhile("destination");
      co_return co_await confirm_and_note(attempt, std::move(destination.error()), false);
    }
    attempt->result = compare_read(attempt->source.size, attempt->source.sha256,
                                   attempt->destination.size, attempt->destination.sha256);
    co_return Result<void>();
  }

  // GET is answered by 404: is that so?
  Async<Result<void>> confirm_and_note(Attempt* attempt, Error error, bool at_source) {
    const std::string key =
        at_source ? attempt->item.key : lane_.options.destination_key_of(attempt->item.key);
    objects::ObjectStore* store = at_source ? lane_.source.get() : lane_.destination.get();
    std::string etag = at_source ? attempt->item.etag : attempt->item.destination_etag;
    Error refusal = error;
    auto gone = co_await confirm_absence(store, key, "", std::move(error), std::move(etag));
    if (gone.has_error()) co_return gone.error();
    refusal.reason = ErrorReason::object_missing;
    co_return note_absence(attempt, refusal, at_source);
  }

  static Result<void> note_absence(Attempt* attempt, const Error& error, bool at_source) {
    if (!says_no_such_object(error)) return error;
    if (at_source) {
      attempt->deleted_at_source = true;
    } else {
      attempt->result = VerifyResult::missing();
      attempt->item.destination_etag.clear();
    }
    return Result<void>();
  }

  state::NewJob job_of(const std::vector<Left>& left) const override {
    std::vector<Item> items;
    for (const Left& one : left) items.push_back(items_[one.index]);
    return check_job(std::move(items));
  }

  std::vector<Item> items_;
};

}  // namespace

Async<Result<engine::Finished>> CheckJob::run(engine::JobContext& context) {
  auto payload = parse_copy_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  CheckBatch batch(lane_, context, std::move(payload->items));
  co_return co_await batch.work(lane_.tuning.objects_in_flight_per_job_max);
}

}  // namespace dth::object_copy
