#include "plugins/object_copy/copy/object_transfer.h"

#include "objects/etag.h"
#include "plugins/object_copy/copy/transfer_body.h"
#include "plugins/object_copy/job_errors.h"
#include "plugins/object_copy/rules/comparison.h"
#include "plugins/object_copy/rules/proof.h"

namespace dth::object_copy {

// What one PUT is made of.
struct ObjectTransfer::Plan {
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

// A PUT that did not succeed.
struct ObjectTransfer::Refused {
  const Plan* transfer;
  KeptLook* look;  // null: none was planned
  Error error;
  std::optional<Digest> computed;  // of what was sent, by the plan's algorithm
  std::uint64_t size;              // of what was to be sent
  bool wrote_before;               // attempt->wrote, without this PUT
};

ObjectTransfer::Plan ObjectTransfer::plan_transfer(const CopyAttempt& attempt,
                                                   const objects::ObjectHead& head,
                                                   const objects::ObjectProperties& properties,
                                                   bool is_whole) {
  Plan transfer{.limits = lane_.stores.destination.limits().without(attempt.trial.without),
                .encryption = properties.encryption};
  const objects::StoreLimits& limits = transfer.limits;
  transfer.digest_needed = properties.lock.any() || limits.writes_need_digest;
  transfer.is_whole = is_whole;
  ProofPlan& plan = transfer.plan;
  plan = plan_proof(head, lane_.stores.source.limits(), limits,
                    lane_.answers.doubts(attempt.distrust_declared));
  if (transfer.digest_needed && !plan.is_declared() && !plan.compute)
    plan.compute = HashAlgorithm::md5;
  if (!is_whole && !limits.keeps_what_is_sent) transfer.stated = stated_sha256(head.checksums);
  const bool unframed = limits.payload_digest_ahead || !transfer.stated.empty() ||
                        (!is_whole && kept_checks_.goes_unframed(limits, attempt));
  if (unframed && transfer.stated.empty() && !is_whole) transfer.also = HashAlgorithm::sha256;
  transfer.read_before = attempt.ahead && attempt.ahead->etag == head.info.etag &&
                         attempt.ahead->algorithm == plan.compute &&
                         attempt.ahead->sha256.empty() == !transfer.also;
  transfer.framed = !is_whole && limits.payload_always_signed && !unframed;
  return transfer;
}

// Takes out of `head` what it needs, all but what identifies the object.
objects::PutRequest ObjectTransfer::request_of(CopyAttempt* attempt, const Plan& transfer,
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

Async<Result<bool>> ObjectTransfer::transfer(CopyAttempt* attempt, objects::GetResult* source) {
  source->head.info.key = attempt->item.key;
  if (source->head.metadata_missing > 0) lane_.metadata_missing = true;
  auto properties = properties_.try_find(lane_.stores.source, source->head);
  if (!properties)
    properties = co_await properties_.find(&lane_.stores.source, &attempt->item, &source->head);
  if (properties->has_error() && properties->error().code == ErrorCode::not_found)
    co_return false;  // gone meanwhile
  if (properties->has_error()) co_return properties->error();
  std::optional<Result<Bytes>> first = source->body->try_next();
  if (!first) first = co_await source->body->next();
  if (first->has_error()) co_return first->error();
  const Plan transfer =
      plan_transfer(*attempt, source->head, **properties, (*first)->size() == source->body->size());
  const ProofPlan& plan = transfer.plan;
  TransferBody body(*source->body, **first, plan.compute,
                    transfer.read_before ? std::nullopt : transfer.also);
  if (((transfer.digest_needed && plan.compute) || transfer.also) && !transfer.is_whole &&
      !transfer.read_before) {
    auto read = co_await read_to_end(body);
    if (read.has_error()) co_return read.error();
    attempt->ahead =
        CopyAttempt::Ahead{source->head.info.etag, plan.compute, body.digest().value_or(Digest()),
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
    auto planned = kept_checks_.plan_look_at_put(attempt, &request, transfer.framed);
    if (planned.has_error()) co_return planned.error();
    look = std::move(*planned);
  }
  if (!attempt->context.may_start()) co_return cancelled_error();
  const bool wrote_before = std::exchange(attempt->wrote, true);
  auto stored = co_await lane_.stores.destination.put(std::move(request), body);
  if (stored.has_error()) {
    const Refused refused{&transfer,     look.get(),  std::move(stored.error()),
                          body.digest(), body.size(), wrote_before};
    co_return co_await settle_refusal(attempt, source, &refused);
  }
  const StoredDigests answered = digests_of(*stored);
  auto proof = judge(plan, answered, body.digest(), transfer.limits);
  const bool verified =
      proof.has_value() && proof->kind != ledger::ProofKind::none && !attempt->distrust_declared;
  if (!verified) {
    const Written written{&plan, &*stored, body.digest(), body.size(), transfer.framed};
    source->body.reset();  // what reads the copy back waits for buffers, and holds none meanwhile
    auto closer = co_await unverified_.look_closer(attempt, written, std::move(proof));
    if (closer.has_error()) co_return closer.error();
    if (!*closer) co_return false;
    proof = std::move(**closer);
  }
  source->body.reset();  // what follows asks for memory of the same pool, or waits
  lane_.answers.note_etag(answered, *proof);
  const Arrival arrival{&source->head.info, &*stored, &*proof, transfer.encryption, look.get()};
  auto settled = settlement_.try_settle(attempt, arrival);
  if (!settled) settled = co_await settlement_.settle(attempt, arrival);
  co_return std::move(*settled);
}

// The PUT was refused, or its answer did not come.
Async<Result<bool>> ObjectTransfer::settle_refusal(CopyAttempt* attempt, objects::GetResult* source,
                                                   const Refused* refused) {
  const Error& error = refused->error;
  const Plan& transfer = *refused->transfer;
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
    co_return co_await look_for_lost(attempt, &source->head.info, std::move(write), refused);
  }
  if (error.code == ErrorCode::precondition_failed) {
    attempt->wrote = refused->wrote_before;  // it was refused
    co_return co_await settlement_.resolve_conflict(attempt, std::move(source->head),
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

// Before anything is sent again: what was sent may be there. The refusal where it is not.
Async<Result<bool>> ObjectTransfer::look_for_lost(CopyAttempt* attempt,
                                                  const objects::ObjectInfo* source,
                                                  LostWrite write, const Refused* refused) {
  auto present =
      co_await lane_.destination->head(lane_.options.destination_key_of(attempt->item.key), "");
  if (present.has_error()) co_return damage_may_pass(refused->error);
  auto proof = recognise(write, *present);
  if (!proof) co_return damage_may_pass(refused->error);
  co_return co_await settlement_.settle_found(attempt, source, std::move(*proof), &*present,
                                              refused->transfer->encryption, refused->look);
}

}  // namespace dth::object_copy
