#include "plugins/object_copy/copy/copy_settlement.h"

#include "objects/etag.h"
#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/job_errors.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/rules/comparison.h"

namespace dth::object_copy {

std::optional<Result<bool>> CopySettlement::try_settle(CopyAttempt* attempt,
                                                       const Arrival& arrival) {
  if (auto encrypted = check_encryption(arrival.encryption, arrival.stored->encryption);
      encrypted.has_error()) {
    lane_.kept->answers.encryption_ignored = true;
    return encrypted.error();
  }
  const bool asks = lane_.stores.source.limits().looks_are_local || arrival.look ||
                    attempt->item.last || attempt->tries.any() || arrival.found;
  if (asks) return std::nullopt;
  record(attempt, arrival);
  return true;
}

Async<Result<bool>> CopySettlement::settle(CopyAttempt* attempt, Arrival arrival) {
  if (auto settled = try_settle(attempt, arrival)) co_return std::move(*settled);
  if (lane_.stores.source.limits().looks_are_local) {
    auto written = co_await was_written_meanwhile(&lane_.stores.source, attempt->item.key,
                                                  arrival.source->etag);
    if (written.has_error()) co_return written.error();
    if (*written) {
      attempt->pinned = false;
      attempt->item.set_destination(arrival.stored->etag);
      co_return false;
    }
  }
  auto kept = co_await check_copy(attempt, arrival.look, arrival.stored->etag, arrival.found);
  if (kept.has_error() || !*kept) co_return kept;
  record(attempt, arrival);
  co_return true;
}

void CopySettlement::record(CopyAttempt* attempt, const Arrival& arrival) {
  if (attempt->item.for_its_etags) learn_from(arrival.source->etag, *arrival.stored);
  record_copied(lane_.options, *arrival.source, *arrival.stored, *arrival.proof,
                {attempt->read_from, lane_.clock.now()}, &attempt->finished);
}

Async<Result<bool>> CopySettlement::settle_within(CopyAttempt* attempt, objects::PutResult stored,
                                                  Proof proof, objects::Encryption encryption) {
  objects::ObjectInfo source;
  source.key = attempt->item.key;
  source.size = attempt->item.size;
  source.etag = attempt->item.etag;
  source.version_id = attempt->item.version;
  const Arrival arrival{&source, &stored, &proof, encryption};
  co_return co_await settle(attempt, arrival);
}

Async<Result<bool>> CopySettlement::settle_found(CopyAttempt* attempt,
                                                 const objects::ObjectInfo* source, Proof proof,
                                                 const objects::ObjectHead* found,
                                                 objects::Encryption encryption, KeptLook* look) {
  if (look) look->leave_framing();
  const objects::PutResult stored{found->info.etag, found->info.version_id, found->checksums,
                                  found->encryption};
  const Arrival arrival{source, &stored, &proof, encryption, look, found};
  co_return co_await settle(attempt, arrival);
}

// It was copied because of its ETags alone. If they differ again, they tell nothing at these two
// places.
void CopySettlement::learn_from(const std::string& source_etag, const objects::PutResult& stored) {
  if (stored.encryption == objects::Encryption::sse_kms ||
      stored.encryption == objects::Encryption::sse_c) {
    lane_.etags.note_encrypted();
  } else if (is_md5_etag(source_etag) && is_md5_etag(stored.etag) &&
             !are_equal_etags(source_etag, stored.etag)) {
    lane_.etags.refute();
  }
}

Async<Result<bool>> CopySettlement::resolve_conflict(CopyAttempt* attempt,
                                                     objects::ObjectHead source,
                                                     objects::Encryption encryption,
                                                     KeptLook* look) {
  auto present =
      co_await lane_.destination->head(lane_.options.destination_key_of(attempt->item.key), "");
  if (present.has_error() && present.error().code == ErrorCode::not_found) {
    attempt->item.set_destination_absent();
    co_return false;
  }
  if (present.has_error()) co_return present.error();
  const objects::ObjectInfo& there = present->info;
  if (lane_.options.list == SourceList::object_file &&
      compare(lane_.options.comparison, source.info, &there, lane_.clock.now()) == Verdict::skip) {
    // The list names the key twice, and the other one was quicker.
    attempt->finished.effects.counts[Counter::unchanged] += 1;
    attempt->end = CopyAttempt::End::left_alone;
    co_return true;
  }
  const bool are_md5s = lane_.stores.source.limits().etag_is_md5 &&
                        lane_.stores.destination.limits().etag_is_md5 && is_md5_etag(there.etag);
  if (attempt->wrote && there.size == source.info.size && are_md5s &&
      is_same_etag(there.etag, source.info.etag)) {
    source.info.key = attempt->item.key;
    Proof proof{ledger::ProofKind::source_checksum, "MD5", there.etag};
    co_return co_await settle_found(attempt, &source.info, std::move(proof), &*present, encryption,
                                    look);
  }
  if (attempt->wrote && ++attempt->conflicts <= 3) {
    attempt->item.set_destination(there.etag);
    co_return false;
  }
  co_return written_by_another(there.etag);
}

// What was written as asked for may lie there otherwise. False: it has to be sent again.
Async<Result<bool>> CopySettlement::check_copy(CopyAttempt* attempt, KeptLook* look,
                                               std::string etag, const objects::ObjectHead* found) {
  const std::string key = lane_.options.destination_key_of(attempt->item.key);
  if (attempt->item.last) {
    auto kept = co_await names_.check_name_was_kept(key, etag);
    if (kept.has_error()) co_return kept.error();
  }
  for (Folding folding : all_foldings) {
    if (!attempt->tries.test(index_of(folding))) continue;
    auto kept =
        co_await folding_.check_after(folding, key, etag, &attempt->finished.effects.warnings);
    if (kept.has_error()) co_return kept.error();
  }
  KeptLook framing_alone(lane_.kept, {});
  framing_alone.sent_again = attempt->sent_again;
  if (!look && found && found->framing_kept) look = &framing_alone;
  if (!look) co_return true;
  auto kept =
      co_await kept_checks_.check(look, key, etag, &attempt->finished.effects.warnings, found);
  if (kept.has_value() && !*kept) {
    attempt->item.set_destination(etag);
    attempt->sent_again = !etag.empty();
  }
  co_return kept;
}

Async<Result<bool>> was_written_meanwhile(objects::ObjectStore* source, std::string key,
                                          std::string etag) {
  auto now = co_await source->head(std::move(key), "");
  if (now.has_error() && now.error().code == ErrorCode::not_found)
    co_return false;  // removed since: what was copied was there
  if (now.has_error()) co_return now.error();
  co_return now->info.etag != etag;
}

}  // namespace dth::object_copy
