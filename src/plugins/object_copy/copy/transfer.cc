#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/copy/kept_look.h"
#include "plugins/object_copy/copy/transfer_body.h"
#include "plugins/object_copy/rules/comparison.h"

// One GET into one PUT, and what follows from its answer.
namespace dth::object_copy {

// What one PUT is made of.
struct ObjectCopyRunner::Transfer {
  objects::StoreLimits limits;  // the destination's, without the aids that this try leaves out
  objects::Encryption encryption = objects::Encryption::none;  // asked for
  bool digest_needed = false;                                  // ahead of the body
  bool is_whole = false;                                       // the whole body is in memory
  bool read_before = false;  // by an earlier turn, for its digests
  bool framed = false;       // the body goes in signed chunks
  ProofPlan plan = {};
  Digest stated = {};                      // the source states this SHA-256, and it is signed
  std::optional<HashAlgorithm> also = {};  // computed as well, to be signed
};

// The object is at the destination. All of it lives in the caller's frame.
struct ObjectCopyRunner::Arrival {
  const objects::ObjectInfo* source;
  const objects::PutResult* stored;
  const Proof* proof;
  objects::Encryption encryption;              // asked for
  KeptLook* look = nullptr;                    // null: there is nothing to look for
  const objects::ObjectHead* found = nullptr;  // how it was found where no answer told it
};

ObjectCopyRunner::Transfer ObjectCopyRunner::plan_transfer(
    const Attempt& attempt, const objects::ObjectHead& head,
    const objects::ObjectProperties& properties, bool is_whole) {
  Transfer transfer{.limits = lane_.stores.destination.limits().without(attempt.trial.without),
                    .encryption = properties.encryption};
  const objects::StoreLimits& limits = transfer.limits;
  transfer.digest_needed = properties.lock.any() || limits.writes_need_digest;
  transfer.is_whole = is_whole;
  ProofPlan& plan = transfer.plan;
  plan = plan_proof(head, lane_.stores.source.limits(), limits, doubts_of(&attempt));
  if (transfer.digest_needed && !plan.is_declared() && !plan.compute)
    plan.compute = HashAlgorithm::md5;
  if (!is_whole && !limits.keeps_what_is_sent) transfer.stated = stated_sha256(head.checksums);
  const bool unframed = limits.payload_digest_ahead || !transfer.stated.empty() ||
                        (!is_whole && goes_unframed(limits, attempt));
  if (unframed && transfer.stated.empty() && !is_whole) transfer.also = HashAlgorithm::sha256;
  transfer.read_before = attempt.ahead && attempt.ahead->etag == head.info.etag &&
                         attempt.ahead->algorithm == plan.compute &&
                         attempt.ahead->sha256.empty() == !transfer.also;
  transfer.framed = !is_whole && limits.payload_always_signed && !unframed;
  return transfer;
}

// Takes out of `head` what it needs, all but what identifies the object.
objects::PutRequest ObjectCopyRunner::request_of(Attempt* attempt, const Transfer& transfer,
                                                 objects::ObjectHead* head,
                                                 objects::ObjectProperties properties,
                                                 const std::optional<Digest>& computed) {
  const ProofPlan& plan = transfer.plan;
  objects::PutRequest request;
  request.key = lane_.options.destination_key_of(attempt->item.key);
  request.metadata = metadata_of_copy(lane_.options.at_destination, std::move(head->metadata));
  request.properties = std::move(properties);
  objects::ObjectInfo& read = head->info;
  // HEAD and GET report whole seconds, listings often more.
  if (attempt->pinned &&
      are_same_time(attempt->item.modified, read.last_modified, std::chrono::microseconds(1)))
    read.last_modified = attempt->item.modified;
  request.modified = read.last_modified;
  if (transfer.limits.keeps_origins)
    request.origin = {read.etag, read.last_modified, attempt->read_from};
  request.content_md5 = plan.declared_md5;
  request.checksums = plan.declared_checksums;
  request.payload_sha256 = transfer.also ? attempt->ahead->sha256 : transfer.stated;
  request.trial = &attempt->trial;
  if (computed && plan.compute == HashAlgorithm::md5) request.content_md5 = *computed;
  if (computed && plan.compute == HashAlgorithm::crc64nvme)
    request.checksums.crc64nvme = computed->base64();
  if (transfer.limits.conditional_put) {
    request.precondition.if_absent = attempt->item.destination_etag.empty();
    request.precondition.if_match = attempt->item.destination_etag;
  }
  return request;
}

// GET to PUT; uses up `*source`. False: try again at once, with what `attempt` now knows.
Async<Result<bool>> ObjectCopyRunner::transfer(Batch* batch, Attempt* attempt,
                                               objects::GetResult* source) {
  source->head.info.key = attempt->item.key;
  if (source->head.metadata_missing > 0) lane_.metadata_missing = true;
  auto properties = try_properties_for(lane_.stores.source, source->head);
  if (!properties)
    properties = co_await properties_for(&lane_.stores.source, &attempt->item, &source->head);
  if (properties->has_error() && properties->error().code == ErrorCode::not_found)
    co_return false;  // gone meanwhile
  if (properties->has_error()) co_return properties->error();
  std::optional<Result<Bytes>> first = source->body->try_next();
  if (!first) first = co_await source->body->next();
  if (first->has_error()) co_return first->error();
  const Transfer transfer =
      plan_transfer(*attempt, source->head, **properties, (*first)->size() == source->body->size());
  const ProofPlan& plan = transfer.plan;
  TransferBody body(*source->body, **first, plan.compute,
                    transfer.read_before ? std::nullopt : transfer.also);
  if (((transfer.digest_needed && plan.compute) || transfer.also) && !transfer.is_whole &&
      !transfer.read_before) {
    auto read = co_await read_to_end(body);
    if (read.has_error()) co_return read.error();
    attempt->ahead =
        Attempt::Ahead{source->head.info.etag, plan.compute, body.digest().value_or(Digest()),
                       body.also().value_or(Digest())};
    co_return false;
  }
  std::optional<Digest> computed;
  if (transfer.is_whole && plan.compute) computed = body.digest();
  if (!transfer.is_whole && transfer.read_before && plan.compute) computed = attempt->ahead->digest;
  objects::PutRequest request =
      request_of(attempt, transfer, &source->head, std::move(**properties), computed);
  std::unique_ptr<KeptLook> look;
  if (!transfer.limits.keeps_what_is_sent) {
    auto planned = plan_look(attempt, &request, transfer.framed);
    if (planned.has_error()) co_return planned.error();
    look = std::move(*planned);
  }
  if (!batch->context.may_start()) co_return cancelled_error();
  const bool wrote_before = std::exchange(attempt->wrote, true);
  auto stored = co_await lane_.stores.destination.put(std::move(request), body);
  if (stored.has_error()) {
    const Refused refused{&transfer,     look.get(),  std::move(stored.error()),
                          body.digest(), body.size(), wrote_before};
    co_return co_await settle_refusal(batch, attempt, source, &refused);
  }
  const StoredDigests answered = digests_of(*stored);
  auto proof = judge(plan, answered, body.digest(), transfer.limits);
  const bool verified =
      proof.has_value() && proof->kind != state::Counter::proof_none && !attempt->distrust_declared;
  if (!verified) {
    const Written written{&plan, &*stored, body.digest(), body.size(), transfer.framed};
    source->body.reset();  // what reads the copy back waits for buffers, and holds none meanwhile
    auto closer = co_await look_closer(attempt, written, std::move(proof));
    if (closer.has_error()) co_return closer.error();
    if (!*closer) co_return false;
    proof = std::move(**closer);
  }
  source->body.reset();  // what follows asks for memory of the same pool, or waits
  note_etag(answered, *proof);
  const Arrival arrival{&source->head.info, &*stored, &*proof, transfer.encryption, look.get()};
  auto settled = try_settle_copy(batch, attempt, arrival);
  if (!settled) settled = co_await settle_copy(batch, attempt, arrival);
  co_return std::move(*settled);
}

// The PUT was refused, or its answer did not come.
Async<Result<bool>> ObjectCopyRunner::settle_refusal(Batch* batch, Attempt* attempt,
                                                     objects::GetResult* source,
                                                     const Refused* refused) {
  const Error& error = refused->error;
  const Transfer& transfer = *refused->transfer;
  const ProofPlan& plan = transfer.plan;
  if (error.reason == ErrorReason::aid_refused) {
    attempt->wrote =
        refused->wrote_before;  // it was refused, and is planned again without what may be why
    co_return false;
  }
  if (error.code == ErrorCode::data_corrupted) attempt->ahead.reset();
  source->body
      .reset();  // what looks now may have to wait for the store, and holds nothing meanwhile
  if (error.reason == ErrorReason::answer_lost) {
    LostWrite write{
        .size = refused->size, .md5 = plan.declared_md5, .etag_before = etag_before(attempt->item)};
    if (plan.compute == HashAlgorithm::md5) write.md5 = refused->computed.value_or(Digest());
    if (plan.compute == HashAlgorithm::crc64nvme)
      write.crc64nvme = refused->computed.value_or(Digest()).base64();
    if (plan.has_declared_checksum()) write.crc64nvme = plan.declared_checksums.crc64nvme;
    co_return co_await look_for_lost(batch, attempt, &source->head.info, std::move(write), refused);
  }
  if (error.code == ErrorCode::precondition_failed) {
    attempt->wrote = refused->wrote_before;  // it was refused
    co_return co_await resolve_conflict(batch, attempt, std::move(source->head),
                                        transfer.encryption, refused->look);
  }
  if (error.code == ErrorCode::not_found && !attempt->item.destination_etag.empty()) {
    attempt->item
        .set_destination_absent();  // If-Match of an object that was removed since it was listed
    co_return false;
  }
  if (error.code == ErrorCode::invalid_argument &&
      lane_.stores.destination.limits().writes_need_digest && !transfer.digest_needed)
    co_return false;  // learnt
  if (error.code == ErrorCode::data_corrupted && !plan.declared_md5.empty()) {
    attempt->distrust_declared = true;
    co_return false;
  }
  co_return damage_may_pass(error);
}

// How every copy ends, whatever showed that the object is there. Nothing: something has to be asked
// for first.
std::optional<Result<bool>> ObjectCopyRunner::try_settle_copy(Batch* batch, Attempt* attempt,
                                                              const Arrival& arrival) {
  if (auto encrypted = check_encryption(arrival.encryption, arrival.stored->encryption);
      encrypted.has_error()) {
    lane_.kept->answers.encryption_ignored = true;
    return encrypted.error();
  }
  const bool asks = lane_.stores.source.limits().looks_are_local || arrival.look ||
                    attempt->item.last || batch->tries.any() || arrival.found;
  if (asks) return std::nullopt;
  record_arrival(batch, attempt, arrival);
  return true;
}

// The same with all questions. False: try again at once, with what `attempt` now knows.
Async<Result<bool>> ObjectCopyRunner::settle_copy(Batch* batch, Attempt* attempt, Arrival arrival) {
  if (auto settled = try_settle_copy(batch, attempt, arrival)) co_return std::move(*settled);
  if (lane_.stores.source.limits().looks_are_local) {
    auto written = co_await was_written_meanwhile(attempt->item.key, arrival.source->etag);
    if (written.has_error()) co_return written.error();
    if (*written) {
      attempt->pinned = false;
      attempt->item.set_destination(arrival.stored->etag);
      co_return false;
    }
  }
  auto kept =
      co_await check_copy(batch, attempt, arrival.look, arrival.stored->etag, arrival.found);
  if (kept.has_error() || !*kept) co_return kept;
  record_arrival(batch, attempt, arrival);
  co_return true;
}

void ObjectCopyRunner::record_arrival(Batch* batch, Attempt* attempt, const Arrival& arrival) {
  if (attempt->item.for_its_etags) learn_from_copy(arrival.source->etag, *arrival.stored);
  batch->settled[attempt->index] = true;
  record_copied(lane_.options, *arrival.source, *arrival.stored, *arrival.proof,
                {attempt->read_from, lane_.clock.now()}, &batch->finished);
}

// Of a copy that the store made within itself.
Async<Result<bool>> ObjectCopyRunner::settle_within(Batch* batch, Attempt* attempt,
                                                    objects::PutResult stored, Proof proof,
                                                    objects::Encryption encryption) {
  objects::ObjectInfo source;
  source.key = attempt->item.key;
  source.size = attempt->item.size;
  source.etag = attempt->item.etag;
  source.version_id = attempt->item.version;
  const Arrival arrival{&source, &stored, &proof, encryption};
  co_return co_await settle_copy(batch, attempt, arrival);
}

// It was found, and no answer told of it. Which of our tries wrote it is not known, so it shows no
// more of how bodies may be framed than that its own framing was kept.
Async<Result<bool>> ObjectCopyRunner::settle_found(Batch* batch, Attempt* attempt,
                                                   const objects::ObjectInfo* source, Proof proof,
                                                   const objects::ObjectHead* found,
                                                   objects::Encryption encryption, KeptLook* look) {
  if (look) look->leave_framing();
  const objects::PutResult stored{found->info.etag, found->info.version_id, found->checksums,
                                  found->encryption};
  const Arrival arrival{source, &stored, &proof, encryption, look, found};
  co_return co_await settle_copy(batch, attempt, arrival);
}

// Is a file another one than was copied, now that the destination has it? The destination's time
// would hide that for ever.
Async<Result<bool>> ObjectCopyRunner::was_written_meanwhile(std::string key, std::string etag) {
  auto now = co_await lane_.stores.source.head(std::move(key), "");
  if (now.has_error() && now.error().code == ErrorCode::not_found)
    co_return false;  // removed since: what was copied was there
  if (now.has_error()) co_return now.error();
  co_return now->info.etag != etag;
}

// It was copied because of its ETags alone. If they differ again, they tell nothing at these two
// places.
void ObjectCopyRunner::learn_from_copy(const std::string& source_etag,
                                       const objects::PutResult& stored) {
  if (stored.encryption == objects::Encryption::sse_kms ||
      stored.encryption == objects::Encryption::sse_c) {
    lane_.etags.note_encrypted();
  } else if (is_md5_etag(source_etag) && is_md5_etag(stored.etag) &&
             !are_equal_etags(source_etag, stored.etag)) {
    lane_.etags.refute();
  }
}

// Before anything is sent again: what was sent may be there. The refusal where it is not.
Async<Result<bool>> ObjectCopyRunner::look_for_lost(Batch* batch, Attempt* attempt,
                                                    const objects::ObjectInfo* source,
                                                    LostWrite write, const Refused* refused) {
  auto present =
      co_await lane_.destination->head(lane_.options.destination_key_of(attempt->item.key), "");
  if (present.has_error()) co_return damage_may_pass(refused->error);
  auto proof = recognise(write, *present);
  if (!proof) co_return damage_may_pass(refused->error);
  co_return co_await settle_found(batch, attempt, source, std::move(*proof), &*present,
                                  refused->transfer->encryption, refused->look);
}

// The destination is not as it was listed. That may be our own doing: a PUT whose answer was lost,
// or a worker that died before it could record. Somebody else's object is not overwritten.
Async<Result<bool>> ObjectCopyRunner::resolve_conflict(Batch* batch, Attempt* attempt,
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
    batch->finished.effects.counts[state::Counter::skipped] += 1;
    batch->settled[attempt->index] = true;
    attempt->end = Attempt::End::left_alone;
    co_return true;
  }
  const bool are_md5s = lane_.stores.source.limits().etag_is_md5 &&
                        lane_.stores.destination.limits().etag_is_md5 && is_md5_etag(there.etag);
  if (attempt->wrote && there.size == source.info.size && are_md5s &&
      is_same_etag(there.etag, source.info.etag)) {
    source.info.key = attempt->item.key;
    Proof proof{state::Counter::proof_declared, "MD5", there.etag};
    co_return co_await settle_found(batch, attempt, &source.info, std::move(proof), &*present,
                                    encryption, look);
  }
  if (attempt->wrote && ++attempt->conflicts <= 3) {
    attempt->item.set_destination(there.etag);
    co_return false;
  }
  co_return written_by_another(there.etag);
}

}  // namespace dth::object_copy
