#include "base/async_scope.h"
#include "base/retry.h"
#include "plugins/object_copy/absence.h"
#include "plugins/object_copy/comparison.h"
#include "plugins/object_copy/copy_attempt.h"
#include "plugins/object_copy/kept_look.h"
#include "plugins/object_copy/transfer_body.h"

namespace dth::object_copy {

namespace {

// How long a crash may set a batch back.
constexpr std::chrono::seconds record_interval{2};

// Listings do not show every archive: of some the first to tell is the refusal to read.
bool says_archived(const Error& error) { return error.reason == ErrorReason::object_archived; }

}  // namespace

std::vector<Item> ObjectCopyRunner::Batch::rest(bool in_flight) const {
  std::vector<Item> left;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (settled[i]) continue;
    left.push_back(items[i]);
    if (in_flight && i < next) left.back().maybe_written = true;
  }
  return left;
}

Async<Result<engine::Finished>> ObjectCopyRunner::copy(engine::JobContext& context) {
  auto payload = parse_copy_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  if (!stores_.destination.limits().keeps_names) {
    auto put_off = co_await put_off_awkward_names(&context, &payload->items);
    if (put_off.has_error()) co_return put_off.error();
  }
  if (payload->items.size() == 1 && is_for_parts(payload->items[0]) && !payload->items[0].unsure &&
      !copies_within(payload->items[0])) {
    co_return co_await begin_upload(context, std::move(payload->items[0]));
  }
  co_return co_await copy_batch(context, std::move(payload->items), tuning_.objects_in_flight_per_job_max);
}

Async<Result<engine::Finished>> ObjectCopyRunner::copy_batch(engine::JobContext& context, std::vector<Item> items, std::size_t at_once) {
  if (!stores_.destination.limits().keeps_what_is_sent && !kept_->knows_spent()) {
    auto counted = co_await count_looks(&context);
    if (counted.has_error()) co_return counted.error();
  }
  Batch batch{context, std::move(items)};
  // Known to this job only: what is handed on as a new job must not forget it.
  for (Item& item : batch.items) item.maybe_written = item.maybe_written || context.attempted_before();
  AsyncScope keeper(executor_);
  keeper.spawn(keep_record(&batch));
  AsyncScope copiers(executor_);
  const std::size_t count = std::min<std::size_t>(batch.items.size(), at_once);
  for (std::size_t i = 0; i < count; ++i) copiers.spawn(copy_from(&batch));
  co_await copiers.join();
  co_await keeper.stop();
  if (batch.failure) co_return *batch.failure;
  std::vector<Item> rest = batch.rest(false);
  if (!rest.empty()) {
    const bool last = rest.front().last;
    batch.finished.effects.jobs.push_back(last ? last_job(std::move(rest)) : copy_job(std::move(rest)));
  }
  batch.finished.halt = std::move(batch.lockout);
  co_return std::move(batch.finished);
}

bool ObjectCopyRunner::is_for_parts(const Item& item) const {
  return item.size > (item.in_one ? stores_.destination.limits().put_size_max : options_.multipart_threshold_bytes);
}

// Records now and then what is done, so that a process that is killed again and again still gets on.
Async<void> ObjectCopyRunner::keep_record(Batch* batch) {
  for (;;) {
    // A stop that came while a record was written finds no wait to end.
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return;
    auto slept = co_await clock_.sleep_for(record_interval);
    if (slept.has_error()) co_return;
    if (batch->finished.lines.empty()) continue;
    engine::Finished part = std::exchange(batch->finished, {});
    part.effects.counts += take_request_counts();
    std::string rest = to_json(CopyPayload{batch->rest(true)});
    auto recorded = co_await batch->context.advance(std::move(rest), std::move(part.effects), std::move(part.lines));
    if (recorded.has_error()) {
      batch->failure = recorded.error();
      co_return;
    }
  }
}

Async<void> ObjectCopyRunner::copy_from(Batch* batch) {
  for (;;) {
    auto turn = in_flight_.try_enter();
    if (!turn) turn = co_await in_flight_.enter();
    if (turn->has_error()) co_return;
    // Asked now, and not before the wait: much may have happened meanwhile.
    const bool goes_on = batch->next < batch->items.size() && !batch->failure && !batch->lockout && !batch->closed &&
                         !batch->context.stop_requested() && batch->context.may_start();
    if (!goes_on) {
      in_flight_.leave(**turn, std::nullopt);
      co_return;
    }
    const std::size_t index = batch->next++;
    co_await copy_item(batch, index);
    in_flight_.leave(**turn, batch->settled[index] ? std::optional(batch->items[index].size) : std::nullopt);
  }
}

Async<void> ObjectCopyRunner::copy_item(Batch* batch, std::size_t index) {
  Attempt attempt{index, batch->items[index]};
  attempt.wrote = attempt.item.maybe_written;
  RetryOptions options;
  options.policy.attempts_max = static_cast<int>(tuning_.item_attempts_max);
  options.seed = tuning_.retry_seed + static_cast<std::uint32_t>(index);
  options.when_throttled = [this] { in_flight_.throttled(); };
  options.outages = &outages_;
  RetryReport report;
  auto ended = co_await retry(clock_, options, [&] { return attempt_copy(batch, &attempt); }, &report);
  retries_ += static_cast<std::uint64_t>(report.attempts - 1);
  if (ended.has_value() && attempt.end == Attempt::End::copied) co_return;  // recorded when it was
  attempt.item.maybe_written = attempt.wrote;
  if (ended.has_error() && (ended.error().code == ErrorCode::cancelled || report.stopped == RetryStop::cancelled)) {
    batch->items[index] = std::move(attempt.item);
    co_return;
  }
  if (ended.has_error() && engine::stops_run(ended.error())) {
    // So would all others: none of them has failed, they wait for other credentials, or for space.
    batch->items[index] = std::move(attempt.item);
    batch->lockout = ended.error();
    co_return;
  }
  batch->settled[index] = true;
  if (ended.has_value() && attempt.end == Attempt::End::left_alone) co_return;
  const bool refused_by_archive = ended.has_error() && says_archived(ended.error()) && goes_for_restore(attempt.item);
  if (refused_by_archive || (ended.has_value() && attempt.end == Attempt::End::to_restore)) {
    batch->finished.effects.jobs.push_back(restore_job({{std::move(attempt.item)}, {}}));
    co_return;
  }
  if (ended.has_error()) {
    if (attempt.item.named) batch->finished.effects.counts[state::Counter::selected] += 1;
    record_failure(attempt.item.key, attempt.item.size, ended.error(), report.attempts, clock_.now(), &batch->finished, attempt.item.version);
  } else if (attempt.end == Attempt::End::vanished) {
    record_vanished(attempt.item, clock_.now(), &batch->finished);
  } else {
    batch->closed = attempt.item.last;  // its parts first, then the next name
    batch->finished.effects.jobs.push_back(copy_job({std::move(attempt.item)}));
  }
}

// One try of one object: true when it is settled, one way or another. Loops only over what the try itself learns: that
// the source changed, that a declared digest was wrong, that the destination is not as listed. Each happens a bounded
// number of times.
Async<Result<bool>> ObjectCopyRunner::attempt_copy(Batch* batch, Attempt* attempt) {
  if (attempt->item.last) {
    auto is_free = co_await check_name_is_free(attempt);
    if (is_free.has_error()) co_return is_free.error();
  }
  for (int turn = 0; turn < 12; ++turn) {
    if (!batch->context.may_start()) co_return cancelled_error();
    if (attempt->item.named || attempt->item.unsure) {
      auto settled = co_await decide(batch, attempt);
      if (settled.has_error() || *settled) co_return settled;
    }
    if (copies_within(attempt->item)) {
      auto settled = co_await copy_within(batch, attempt);
      if (settled.has_error() || *settled) co_return settled;
      continue;
    }
    if (is_for_parts(attempt->item)) {
      attempt->end = Attempt::End::replanned;
      co_return true;
    }
    objects::GetRequest request;
    request.key = attempt->item.key;
    request.version_id = attempt->item.version;
    if (attempt->pinned) {
      request.if_match = attempt->item.etag;
      request.size_expected = attempt->item.size;
    }
    attempt->read_from = clock_.now();
    auto source = co_await stores_.source.get(std::move(request));
    if (source.has_error()) {
      if (may_mean_no_such_object(source.error())) {
        auto settled = co_await settle_absence(attempt, std::move(source.error()));
        if (settled.has_error() || *settled) co_return settled;
        continue;
      }
      if (source.error().code == ErrorCode::precondition_failed && attempt->pinned) {
        attempt->pinned = false;  // it was replaced since it was listed: take what is there now, as one whole
        continue;
      }
      co_return source.error();
    }
    if (attempt->pinned && source->head.info.size != attempt->item.size) {
      if (!attempt->item.etag.empty()) co_return other_size(attempt->item.size, source->head.info.size.value());
      attempt->pinned = false;  // nothing but its size told that it is another one now
    }
    if (!attempt->pinned) {
      attempt->item.size = source->head.info.size.value();
      attempt->item.etag = source->head.info.etag;
      if (options_.in_place) attempt->item.destination_etag = source->head.info.etag;
      if (is_for_parts(attempt->item)) {
        attempt->end = Attempt::End::replanned;
        co_return true;
      }
    }
    auto settled = co_await transfer(batch, attempt, &*source);
    if (settled.has_error() || *settled) co_return settled;
  }
  co_return Error{ErrorCode::precondition_failed,
                  "the object changed again and again while it was being copied, at the source or at the destination; "
                  "run again when that has calmed down",
                  ""};
}

// An item of which the listings did not tell enough. True: it is settled, there is nothing to copy in this batch.
Async<Result<bool>> ObjectCopyRunner::decide(Batch* batch, Attempt* attempt) {
  const bool named = attempt->item.named;
  objects::ObjectInfo source;
  auto looked = co_await look_at(&attempt->item, &source);
  if (looked.has_error()) co_return looked.error();
  state::Counts& counts = batch->finished.effects.counts;
  if (named && *looked != Looked::left_out) counts[state::Counter::selected] += 1;
  attempt->item.named = attempt->item.unsure = false;
  // From here on the record has it so: its count goes with it.
  batch->items[attempt->index] = attempt->item;
  attempt->end = Attempt::End::left_alone;
  switch (*looked) {
    case Looked::left_out: co_return true;
    case Looked::same: counts[state::Counter::skipped] += 1; co_return true;
    case Looked::archived: record_archived(source, clock_.now(), &batch->finished); co_return true;
    case Looked::vanished: attempt->end = Attempt::End::vanished; co_return true;
    case Looked::to_restore:
    case Looked::to_copy: break;
  }
  if (options_.dry_run) {
    counts[state::Counter::bytes] += static_cast<std::int64_t>(attempt->item.size);
    co_return true;
  }
  if (*looked == Looked::to_restore) {
    attempt->end = Attempt::End::to_restore;
    co_return true;
  }
  if (attempt->item.size > options_.multipart_threshold_bytes) {
    attempt->end = Attempt::End::replanned;
    co_return true;
  }
  attempt->end = Attempt::End::copied;
  co_return false;
}

// GET to PUT; uses up `*source`. False: try again at once, with what `attempt` now knows.
Async<Result<bool>> ObjectCopyRunner::transfer(Batch* batch, Attempt* attempt, objects::GetResult* source) {
  const objects::StoreLimits limits = stores_.destination.limits().without(attempt->trial.without);
  source->head.info.key = attempt->item.key;
  if (source->head.metadata_missing > 0) metadata_missing_ = true;
  auto properties = try_properties_for(stores_.source, source->head);
  if (!properties) properties = co_await properties_for(&stores_.source, &attempt->item, &source->head);
  if (properties->has_error() && properties->error().code == ErrorCode::not_found) co_return false;  // gone meanwhile
  if (properties->has_error()) co_return properties->error();
  const objects::Encryption encryption = (*properties)->encryption;
  const bool digest_needed = (*properties)->lock.any() || limits.writes_need_digest;
  ProofPlan plan = plan_proof(source->head, stores_.source.limits(), limits, doubts_of(attempt));
  if (digest_needed && !plan.is_declared() && !plan.compute) plan.compute = HashAlgorithm::md5;
  std::optional<Result<Bytes>> first = source->body->try_next();
  if (!first) first = co_await source->body->next();
  if (first->has_error()) co_return first->error();
  const bool is_whole = (*first)->size() == source->body->size();
  std::optional<HashAlgorithm> also;
  const Digest stated = is_whole || limits.keeps_what_is_sent ? Digest() : stated_sha256(source->head.checksums);
  const bool unframed = limits.payload_digest_ahead || !stated.empty() || goes_unframed(limits, *attempt);
  if (unframed && stated.empty() && !is_whole) also = HashAlgorithm::sha256;
  const bool read_before = attempt->ahead && attempt->ahead->etag == source->head.info.etag &&
                           attempt->ahead->algorithm == plan.compute && attempt->ahead->sha256.empty() == !also;
  const bool framed = !is_whole && limits.payload_always_signed && !unframed;
  TransferBody body(*source->body, **first, plan.compute, read_before ? std::nullopt : also);
  if (((digest_needed && plan.compute) || also) && !is_whole && !read_before) {
    auto read = co_await read_to_end(body);
    if (read.has_error()) co_return read.error();
    attempt->ahead = Attempt::Ahead{source->head.info.etag, plan.compute, body.digest().value_or(Digest()), body.also().value_or(Digest())};
    co_return false;
  }

  objects::PutRequest request;
  request.key = options_.destination_key_of(attempt->item.key);
  request.metadata = metadata_of_copy(options_.at_destination, std::move(source->head.metadata));
  request.properties = std::move(**properties);
  objects::ObjectInfo& read = source->head.info;
  // HEAD and GET report whole seconds, listings often more.
  if (attempt->pinned && are_same_time(attempt->item.modified, read.last_modified, std::chrono::microseconds(1))) read.last_modified = attempt->item.modified;
  request.modified = read.last_modified;
  if (limits.keeps_origins) request.origin = {read.etag, read.last_modified, attempt->read_from};
  request.content_md5 = plan.declared_md5;
  request.checksums = plan.declared_checksums;
  request.payload_sha256 = also ? attempt->ahead->sha256 : stated;
  request.trial = &attempt->trial;
  if ((is_whole || read_before) && plan.compute) {
    const Digest digest = is_whole ? *body.digest() : attempt->ahead->digest;
    if (*plan.compute == HashAlgorithm::md5) request.content_md5 = digest;
    if (*plan.compute == HashAlgorithm::crc64nvme) request.checksums.crc64nvme = digest.base64();
  }
  if (limits.conditional_put) {
    request.precondition.if_absent = attempt->item.destination_etag.empty();
    request.precondition.if_match = attempt->item.destination_etag;
  }
  std::unique_ptr<KeptLook> look;
  if (!limits.keeps_what_is_sent) {
    auto planned = plan_look(attempt, &request, framed);
    if (planned.has_error()) co_return planned.error();
    look = std::move(*planned);
  }
  if (!batch->context.may_start()) co_return cancelled_error();
  const bool wrote_before = std::exchange(attempt->wrote, true);
  auto stored = co_await stores_.destination.put(std::move(request), body);
  if (stored.has_error()) {
    const ErrorCode code = stored.error().code;
    if (stored.error().reason == ErrorReason::aid_refused) {
      attempt->wrote = wrote_before;  // it was refused, and is planned again without what may be why
      co_return false;
    }
    if (code == ErrorCode::data_corrupted) attempt->ahead.reset();
    if (stored.error().reason == ErrorReason::answer_lost) {
      LostWrite write{.size = body.size(), .md5 = plan.declared_md5, .etag_before = attempt->item.destination_etag};
      if (plan.compute == HashAlgorithm::md5) write.md5 = body.digest().value_or(Digest());
      if (plan.compute == HashAlgorithm::crc64nvme) write.crc64nvme = body.digest().value_or(Digest()).base64();
      if (plan.has_declared_checksum()) write.crc64nvme = plan.declared_checksums.crc64nvme;
      source->body.reset();  // as below
      co_return co_await look_for_lost(batch, attempt, std::move(source->head.info), std::move(write), damage_may_pass(stored.error()));
    }
    if (code == ErrorCode::precondition_failed) {
      attempt->wrote = wrote_before;  // it was refused
      source->body.reset();           // what looks now may have to wait for the store, and holds nothing meanwhile
      co_return co_await resolve_conflict(batch, attempt, std::move(source->head));
    }
    if (code == ErrorCode::not_found && !attempt->item.destination_etag.empty()) {
      attempt->item.destination_etag.clear();  // If-Match of an object that was removed since it was listed
      co_return false;
    }
    if (code == ErrorCode::invalid_argument && stores_.destination.limits().writes_need_digest && !digest_needed) co_return false;  // learnt
    if (code == ErrorCode::data_corrupted && !plan.declared_md5.empty()) {
      attempt->distrust_declared = true;
      co_return false;
    }
    co_return damage_may_pass(stored.error());
  }
  if (auto encrypted = check_encryption(encryption, stored->encryption); encrypted.has_error()) {
    encryption_ignored_ = true;
    co_return encrypted.error();
  }
  const StoredDigests answered = digests_of(*stored);
  auto proof = judge(plan, answered, body.digest(), limits);
  const bool verified = proof.has_value() && proof->kind != state::Counter::proof_none && !attempt->distrust_declared;
  if (!verified) {
    const Written written{&plan, &*stored, body.digest(), body.size()};
    source->body.reset();  // what reads the copy back waits for buffers, and holds none meanwhile
    auto closer = co_await look_closer(attempt, written, std::move(proof));
    if (closer.has_error()) co_return closer.error();
    if (!*closer) co_return false;
    proof = std::move(**closer);
  }
  source->body.reset();  // what follows asks for memory of the same pool, or waits
  note_etag(answered, *proof);
  if (stores_.source.limits().looks_are_local) {
    auto written = co_await was_written_meanwhile(attempt->item.key, read.etag);
    if (written.has_error()) co_return written.error();
    if (*written) {
      attempt->pinned = false;
      attempt->item.destination_etag = stored->etag;
      co_return false;
    }
  }
  if (attempt->item.for_its_etags) learn_from_copy(read.etag, *stored);
  if (look || attempt->item.last) {
    auto kept = co_await check_copy(batch, attempt, look.get(), stored->etag);
    if (kept.has_error() || !*kept) co_return kept;
  }
  batch->settled[attempt->index] = true;
  record_copied(options_, read, *stored, *proof, {attempt->read_from, clock_.now()}, &batch->finished);
  co_return true;
}

// Is a file another one than was copied, now that the destination has it? The destination's time would hide that for ever.
Async<Result<bool>> ObjectCopyRunner::was_written_meanwhile(std::string key, std::string etag) {
  auto now = co_await stores_.source.head(std::move(key), "");
  if (now.has_error() && now.error().code == ErrorCode::not_found) co_return false;  // removed since: what was copied was there
  if (now.has_error()) co_return now.error();
  co_return now->info.etag != etag;
}

// It was copied because of its ETags alone. If they differ again, they tell nothing at these two places.
void ObjectCopyRunner::learn_from_copy(const std::string& source_etag, const objects::PutResult& stored) {
  if (stored.encryption == objects::Encryption::sse_kms || stored.encryption == objects::Encryption::sse_c) {
    etags_.note_encrypted();
  } else if (is_md5_etag(source_etag) && is_md5_etag(stored.etag) && !are_equal_etags(source_etag, stored.etag)) {
    etags_.refute();
  }
}

// Before anything is sent again: what was sent may be there. `lost`: what to end the try with where it is not.
Async<Result<bool>> ObjectCopyRunner::look_for_lost(Batch* batch, Attempt* attempt, objects::ObjectInfo source, LostWrite write, Error lost) {
  auto present = co_await destination_->head(options_.destination_key_of(attempt->item.key), "");
  if (present.has_error()) co_return lost;
  const auto proof = recognise(write, *present);
  if (!proof) co_return lost;
  batch->settled[attempt->index] = true;
  const objects::PutResult stored{present->info.etag, present->info.version_id, present->checksums, present->encryption};
  record_copied(options_, source, stored, *proof, {attempt->read_from, clock_.now()}, &batch->finished);
  co_return true;
}

// The destination is not as it was listed. That may be our own doing: a PUT whose answer was lost, or a worker that died
// before it could record. Somebody else's object is not overwritten.
Async<Result<bool>> ObjectCopyRunner::resolve_conflict(Batch* batch, Attempt* attempt, objects::ObjectHead source) {
  auto present = co_await destination_->head(options_.destination_key_of(attempt->item.key), "");
  if (present.has_error() && present.error().code == ErrorCode::not_found) {
    attempt->item.destination_etag.clear();
    co_return false;
  }
  if (present.has_error()) co_return present.error();
  const objects::ObjectInfo& there = present->info;
  if (options_.list == SourceList::object_file && compare(options_.comparison, source.info, &there, clock_.now()) == Verdict::skip) {
    // The list names the key twice, and the other one was quicker.
    batch->finished.effects.counts[state::Counter::skipped] += 1;
    batch->settled[attempt->index] = true;
    attempt->end = Attempt::End::left_alone;
    co_return true;
  }
  if (attempt->wrote && there.size == source.info.size) {
    if (stores_.source.limits().etag_is_md5 && stores_.destination.limits().etag_is_md5 && is_md5_etag(there.etag) &&
        is_same_etag(there.etag, source.info.etag)) {
      source.info.key = attempt->item.key;
      batch->settled[attempt->index] = true;
      record_copied(options_, source.info, {there.etag, there.version_id, {}, present->encryption},
                    Proof{state::Counter::proof_declared, "MD5", there.etag}, {attempt->read_from, clock_.now()}, &batch->finished);
      co_return true;
    }
  }
  if (attempt->wrote && ++attempt->conflicts <= 3) {
    attempt->item.destination_etag = there.etag;
    co_return false;
  }
  co_return Error{ErrorCode::precondition_failed,
                  "somebody else wrote the object at the destination after it was listed; it was left as it is; run again "
                  "to compare anew",
                  "destination ETag " + there.etag};
}

}  // namespace dth::object_copy
