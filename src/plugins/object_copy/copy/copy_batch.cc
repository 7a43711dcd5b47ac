#include "plugins/object_copy/copy/copy_batch.h"

#include <algorithm>

#include "plugins/object_copy/copy/absence.h"
#include "plugins/object_copy/copy/copy_way.h"
#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/job_errors.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/restore/archived.h"

namespace dth::object_copy {
namespace {

constexpr std::size_t trials_per_batch_max = 8;
constexpr std::uint64_t close_questions_max = 256;  // of a lane, about objects that are gone

Error not_the_listed_object(Error refusal) {
  return Error{ErrorCode::unavailable, ErrorReason::foreign_answer,
               "the answer has another ETag than the object has in the source's listing, which was "
               "asked for again: it is not the object (a proxy's page?)",
               refusal.to_string()};
}

// Listings do not show every archive: of some the first to tell is the refusal to read.
bool says_archived(const Error& error) { return error.reason == ErrorReason::object_archived; }

}  // namespace

CopyBatch::CopyBatch(LaneContext& lane, engine::JobContext& context, std::vector<Item> items)
    : BatchInWork(lane, context, items.size()),
      items_(std::move(items)),
      inspector_(lane),
      names_(lane),
      folding_(lane),
      transfer_(lane),
      server_side_(lane) {
  // Known to this job only: what is handed on as a new job must not forget it.
  for (Item& item : items_) item.maybe_written = item.maybe_written || context.attempted_before();
}

Async<Result<engine::Finished>> CopyBatch::copy(std::uint32_t at_once_max, FoldingSet claimed) {
  KeptChecks kept_checks(lane_);
  if (!lane_.stores.destination.limits().keeps_what_is_sent && !lane_.kept->knows_spent()) {
    auto counted = co_await kept_checks.count_looks(&context_);
    if (counted.has_error()) co_return counted.error();
  }
  if (claimed.any() && !items_.empty()) {
    co_await try_foldings(claimed);
    // The rest comes back, and is put off.
    if ((lane_.kept->folded() & claimed).any()) close();
  }
  auto finished = co_await work(at_once_max);
  if (finished.has_error()) co_return finished;
  kept_checks.report(&*finished);
  co_return finished;
}

state::NewJob CopyBatch::job_of(const std::vector<Left>& left) const {
  std::vector<Item> rest;
  for (const Left& one : left) {
    rest.push_back(items_[one.index]);
    if (one.in_flight) rest.back().maybe_written = true;
  }
  const bool last = !rest.empty() && rest.front().last;
  return last ? last_job(std::move(rest)) : copy_job(std::move(rest));
}

// Copies objects of the batch one by one until each of these is known, or not to be known.
Async<void> CopyBatch::try_foldings(FoldingSet claimed) {
  for (Folding folding : all_foldings) {
    if (!claimed.test(index_of(folding))) continue;
    auto tried = co_await try_folding(folding, claimed);
    tries_.reset();
    if (tried.has_error()) fail(tried.error());
    if (tried.has_error() || has_to_end()) co_return;
  }
}

bool CopyBatch::is_on_trial(Folding folding) const {
  return lane_.kept->folding(folding) == KeptFacts::Fold::being_tried;
}

Async<Result<void>> CopyBatch::try_folding(Folding folding, FoldingSet claimed) {
  std::vector<std::string>* const warnings = &finished_.effects.warnings;
  bool has_twins = false;
  std::size_t begin = begun();  // those with twins stay where they are, for later
  for (std::size_t trial = 0; trial < trials_per_batch_max; ++trial) {
    const bool goes_on =
        is_on_trial(folding) && !has_to_end() && context_.may_start() && !context_.stop_requested();
    if (!goes_on) co_return Result<void>();
    const auto first =
        std::find_if(items_.begin() + static_cast<std::ptrdiff_t>(begin), items_.end(),
                     [&](const Item& item) { return folding_.tells(item, folding); });
    if (first == items_.end()) break;
    const FoldingSet open = folding_.open_of(lane_.options.destination_key_of(first->key), claimed);
    auto twin = co_await folding_.has_twin_at_source(&*first, open);
    if (twin.has_error()) co_return twin.error();
    if (*twin) {
      has_twins = true;
      begin = static_cast<std::size_t>(first - items_.begin()) + 1;
      continue;
    }
    begin = std::max(begin, begun() + 1);
    std::iter_swap(items_.begin() + static_cast<std::ptrdiff_t>(begun()), first);
    auto looked = co_await folding_.look_before_trial(&items_[begun()], open, warnings);
    if (looked.has_error() || !is_on_trial(folding)) co_return looked;
    tries_ = open;
    co_await settle_next();
  }
  if (has_twins && is_on_trial(folding)) folding_.settle_doubtful(folding, warnings);
  co_return Result<void>();
}

Async<bool> CopyBatch::settle(std::size_t index) {
  CopyAttempt attempt{context_, finished_, tries_, index, items_[index]};
  attempt.wrote = attempt.item.maybe_written;
  RetryOptions options = lane_.retry_options(index);
  options.when_throttled = [this] { lane_.in_flight.throttled(); };
  RetryReport report;
  auto ended = co_await retry(
      lane_.clock, std::move(options), [&] { return attempt_copy(&attempt); }, &report);
  lane_.retries += static_cast<std::uint64_t>(report.attempts - 1);
  if (ended.has_value() && attempt.end == CopyAttempt::End::copied) co_return true;  // recorded
  attempt.item.maybe_written = attempt.wrote;
  if (ended.has_error() && is_left(ended.error(), report)) {
    items_[index] = std::move(attempt.item);
    co_return false;
  }
  record_end(&attempt, ended, report.attempts);
  co_return true;
}

// It was not copied, or not by this batch.
void CopyBatch::record_end(CopyAttempt* attempt, const Result<bool>& ended, int attempts) {
  if (ended.has_value() && attempt->end == CopyAttempt::End::left_alone) return;
  const bool refused_by_archive = ended.has_error() && says_archived(ended.error()) &&
                                  goes_for_restore(lane_.options, attempt->item);
  if (refused_by_archive || (ended.has_value() && attempt->end == CopyAttempt::End::to_restore)) {
    finished_.effects.jobs.push_back(restore_job({{std::move(attempt->item)}, {}}));
    return;
  }
  if (ended.has_error()) {
    if (attempt->item.state == ItemState::named) finished_.effects.counts[Counter::selected] += 1;
    record_failure(attempt->item.key, attempt->item.size, ended.error(), attempts,
                   lane_.clock.now(), &finished_, attempt->item.version);
  } else if (attempt->end == CopyAttempt::End::deleted_at_source) {
    record_deleted_at_source(attempt->item, lane_.clock.now(), &finished_);
  } else {
    if (attempt->item.last) close();  // its parts first, then the next name
    finished_.effects.jobs.push_back(copy_job({std::move(attempt->item)}));
  }
}

// One try of one object: true when it is settled, one way or another. Loops only over what the try
// itself learns: that the source changed, that a declared digest was wrong, that the destination is
// not as listed. Each happens a bounded number of times.
Async<Result<bool>> CopyBatch::attempt_copy(CopyAttempt* attempt) {
  if (attempt->item.last) {
    auto is_free = co_await names_.check_name_is_free(attempt);
    if (is_free.has_error()) co_return is_free.error();
  }
  for (int turn = 0; turn < 12; ++turn) {
    if (!attempt->context.may_start()) co_return cancelled_error();
    if (attempt->item.state != ItemState::listed) {
      auto settled = co_await decide(attempt);
      if (settled.has_error() || *settled) co_return settled;
    }
    if (can_copy_server_side(lane_, attempt->item)) {
      auto settled = co_await server_side_.copy(attempt);
      if (settled.has_error() || *settled) co_return settled;
      continue;
    }
    if (is_for_parts(lane_, attempt->item)) {
      attempt->end = CopyAttempt::End::replanned;
      co_return true;
    }
    objects::GetRequest request;
    request.key = attempt->item.key;
    request.version_id = attempt->item.version;
    if (attempt->pinned) {
      request.if_match = attempt->item.etag;
      request.size_expected = attempt->item.size;
    }
    attempt->read_from = lane_.clock.now();
    auto source = co_await lane_.stores.source.get(std::move(request));
    if (source.has_error()) {
      if (may_mean_no_such_object(source.error())) {
        auto settled = co_await settle_absence(attempt, std::move(source.error()));
        if (settled.has_error() || *settled) co_return settled;
        continue;
      }
      if (source.error().code == ErrorCode::precondition_failed && attempt->pinned) {
        auto same = co_await is_listed_as(lane_.source.get(), attempt->item.key, attempt->item.etag,
                                          source.error());
        if (same.has_error()) co_return same.error();
        if (*same) co_return not_the_listed_object(std::move(source.error()));
        attempt->pinned =
            false;  // it was replaced since it was listed: take what is there now, as one whole
        continue;
      }
      co_return source.error();
    }
    if (attempt->pinned && source->head.info.size != attempt->item.size) {
      // Some file systems tell sizes wrongly: a file has the bytes that are read from it.
      const bool is_file = lane_.stores.source.limits().looks_are_local;
      if (!attempt->item.etag.empty() && !is_file)
        co_return other_size(attempt->item.size, source->head.info.size.value());
      attempt->pinned = false;  // nothing but its size told that it is another one now
    }
    if (!attempt->pinned) {
      attempt->item.size = source->head.info.size.value();
      attempt->item.etag = source->head.info.etag;
      if (lane_.options.in_place) attempt->item.set_destination(source->head.info.etag);
      if (is_for_parts(lane_, attempt->item)) {
        attempt->end = CopyAttempt::End::replanned;
        co_return true;
      }
    }
    auto settled = co_await transfer_.transfer(attempt, &*source);
    if (settled.has_error() || *settled) co_return settled;
  }
  co_return Error{ErrorCode::precondition_failed,
                  "the object changed again and again while it was being copied, at the source or "
                  "at the destination; "
                  "run again when that has calmed down",
                  ""};
}

// An item of which the listings did not tell enough. True: it is settled, there is nothing to copy
// in this batch.
Async<Result<bool>> CopyBatch::decide(CopyAttempt* attempt) {
  const bool named = attempt->item.state == ItemState::named;
  objects::ObjectInfo source;
  auto looked = co_await inspector_.inspect_item(&attempt->item, &source);
  if (looked.has_error()) co_return looked.error();
  state::Counts& counts = attempt->finished.effects.counts;
  if (named && *looked != ItemVerdict::left_out) counts[Counter::selected] += 1;
  attempt->item.state = ItemState::listed;
  // From here on the record has it so: its count goes with it.
  items_[attempt->index] = attempt->item;
  attempt->end = CopyAttempt::End::left_alone;
  switch (*looked) {
    case ItemVerdict::left_out:
      co_return true;
    case ItemVerdict::same:
      counts[Counter::unchanged] += 1;
      co_return true;
    case ItemVerdict::archived:
      record_archived(source, lane_.clock.now(), &attempt->finished);
      co_return true;
    case ItemVerdict::deleted_at_source:
      attempt->end = CopyAttempt::End::deleted_at_source;
      co_return true;
    case ItemVerdict::to_restore:
    case ItemVerdict::to_copy:
      break;
  }
  if (lane_.options.dry_run) {
    counts[Counter::bytes] += static_cast<std::int64_t>(attempt->item.size);
    co_return true;
  }
  if (*looked == ItemVerdict::to_restore) {
    attempt->end = CopyAttempt::End::to_restore;
    co_return true;
  }
  if (attempt->item.size > lane_.options.multipart_threshold_bytes) {
    attempt->end = CopyAttempt::End::replanned;
    co_return true;
  }
  attempt->end = CopyAttempt::End::copied;
  co_return false;
}

// GET says that there is no such object. False: try again at once, since the listing has it; it may
// have come back.
Async<Result<bool>> CopyBatch::settle_absence(CopyAttempt* attempt, Error refusal) {
  // A source whose listings have other names shows it by the first of these objects.
  const bool is_asked_closely = lane_.absences++ < close_questions_max;
  std::string etag = is_asked_closely ? attempt->item.etag : std::string();
  auto gone = co_await confirm_absence(lane_.source.get(), attempt->item.key, attempt->item.version,
                                       std::move(refusal), std::move(etag));
  const bool is_listed = gone.has_error() && gone.error().reason == ErrorReason::listed_but_missing;
  if (is_listed && !std::exchange(attempt->seen_again, true)) co_return false;
  if (gone.has_error()) co_return gone.error();
  attempt->end = CopyAttempt::End::deleted_at_source;
  co_return true;
}

}  // namespace dth::object_copy
