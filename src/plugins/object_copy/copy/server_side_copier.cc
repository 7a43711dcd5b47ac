#include "plugins/object_copy/copy/server_side_copier.h"

#include "objects/etag.h"
#include "plugins/object_copy/copy/absence.h"
#include "plugins/object_copy/job_errors.h"

namespace dth::object_copy {

// Copies that the store makes within itself: no byte passes here.

Async<Result<bool>> ServerSideCopier::copy(CopyAttempt* attempt) {
  const DestinationOptions& wanted = lane_.options.at_destination;
  const objects::StoreLimits& limits = lane_.stores.destination.limits();
  Item& item = attempt->item;
  objects::CopyRequest request;
  request.source = {lane_.stores.copy_source_bucket, item.key, item.version, item.etag};
  request.key = lane_.options.destination_key_of(item.key);
  objects::ObjectHead head;
  if (wanted.needs_head()) {
    auto told = co_await head_for_certain(&lane_.stores.source, item.key, item.version, item.etag);
    if (told.has_error()) co_return ended_by(attempt, told.error());
    if (!is_same_etag(told->info.etag, item.etag)) co_return look_again(attempt, *told);
    head = std::move(*told);
    // What could not be proved afterwards is better moved; of an object rewritten in place nothing
    // is left to compare with.
    const bool crc =
        limits.enforces_checksums && !head.checksums.composite && !head.checksums.crc64nvme.empty();
    const bool plain = head.encryption != objects::Encryption::sse_kms &&
                       wanted.encryption != objects::Encryption::sse_kms;
    if (wanted.server_side_copy == ServerSideCopy::automatic && !crc &&
        !(plain && is_md5_etag(item.etag) && limits.etag_is_md5)) {
      item.way = CopyWay::streamed;
      co_return false;
    }
    auto properties = co_await properties_.find(&lane_.stores.source, &item, &head);
    if (properties.has_error()) co_return properties.error();
    request.properties = std::move(*properties);
  } else {
    request.properties = properties_of_copy(wanted, head, {}, lane_.clock.now());
  }
  // Rewriting an object in place is refused where the request replaces nothing.
  if (lane_.options.in_place || wanted.metadata_mode != MetadataMode::preserve) {
    request.metadata = metadata_of_copy(wanted, std::move(head.metadata));
  }
  request.keep_tags = !limits.copies_as_asked || (wanted.keeps_tags && wanted.tags.empty());
  if (request.keep_tags) request.properties.tags.clear();
  if (limits.conditional_copy) {
    request.precondition.if_absent = item.destination_etag.empty();
    request.precondition.if_match = item.destination_etag;
  }
  const objects::Encryption encryption = request.properties.encryption;
  attempt->read_from = lane_.clock.now();
  if (!attempt->context.may_start()) co_return cancelled_error();
  const bool wrote_before = std::exchange(attempt->wrote, true);
  auto stored = co_await lane_.stores.destination.copy(std::move(request));
  if (stored.has_error()) {
    const Error& error = stored.error();
    const bool waits = error.code == ErrorCode::cancelled || engine::stops_run(error);
    if (waits || is_retryable(error.code)) co_return error;
    attempt->wrote = wrote_before;  // it was refused
    // A bucket that the destination does not know: another region's, or another cluster's behind
    // the same name. By bytes it will be found, or found missing.
    const bool bucket_unknown = error.reason == ErrorReason::bucket_missing;
    if (!bucket_unknown &&
        (error.code == ErrorCode::precondition_failed || error.code == ErrorCode::not_found)) {
      co_return co_await find_what_changed(attempt, error, encryption);
    }
    if (wanted.server_side_copy == ServerSideCopy::always) co_return error;
    lane_.kept->answers.within_refused = lane_.kept->answers.within_refused || bucket_unknown ||
                                         error.code == ErrorCode::unsupported;
    item.way = CopyWay::streamed;
    co_return false;
  }
  if (auto encrypted = check_encryption(encryption, stored->encryption); encrypted.has_error()) {
    lane_.kept->answers.encryption_ignored = true;
    co_return encrypted.error();
  }
  auto proof = co_await prove(item, std::move(head.checksums), *stored);
  if (proof.has_error()) co_return damage_may_pass(proof.error());
  const bool may_move =
      wanted.server_side_copy == ServerSideCopy::automatic && !lane_.options.in_place;
  if (proof->kind == ledger::ProofKind::none && may_move) {
    // The store's word alone is no proof: move the bytes over what it made.
    item.way = CopyWay::streamed;
    item.set_destination(stored->etag);
    co_return false;
  }
  co_return co_await settlement_.settle_within(attempt, std::move(*stored), std::move(*proof),
                                               encryption);
}

// The store made the copy: what shows that it holds the source's bytes is a digest of the source's
// own that both have. The source's checksums are asked for where they are not known.
Async<Result<Proof>> ServerSideCopier::prove(Item item, objects::Checksums source,
                                             objects::PutResult stored) {
  if (is_md5_etag(item.etag) && lane_.stores.destination.limits().etag_is_md5 &&
      is_same_etag(stored.etag, item.etag)) {
    co_return Proof{ledger::ProofKind::source_checksum, "MD5", item.etag};
  }
  if (stored.checksums.composite || stored.checksums.crc64nvme.empty()) co_return Proof{};
  if (source.crc64nvme.empty() && !lane_.options.in_place) {
    auto told = co_await lane_.stores.source.head(item.key, item.version);
    if (told.has_error() && is_retryable(told.error().code)) co_return told.error();
    if (told.has_value() && is_same_etag(told->info.etag, item.etag))
      source = std::move(told->checksums);
  }
  if (source.composite || source.crc64nvme.empty()) co_return Proof{};
  co_return judge_checksum(source.crc64nvme, stored.checksums.crc64nvme);
}

// A condition did not hold: the source's, or the destination's.
Async<Result<bool>> ServerSideCopier::find_what_changed(CopyAttempt* attempt, Error refusal,
                                                        objects::Encryption encryption) {
  auto told = co_await head_for_certain(&lane_.stores.source, attempt->item.key,
                                        attempt->item.version, attempt->item.etag);
  if (told.has_error()) co_return ended_by(attempt, told.error());
  if (!is_same_etag(told->info.etag, attempt->item.etag)) co_return look_again(attempt, *told);
  if (refusal.code == ErrorCode::not_found) {
    if (refusal.reason == ErrorReason::bucket_missing || attempt->item.destination_etag.empty())
      co_return refusal;
    attempt->item
        .set_destination_absent();  // If-Match of an object that was removed since it was listed
    co_return false;
  }
  if (!lane_.stores.destination.limits().conditional_copy) co_return refusal;
  co_return co_await settlement_.resolve_conflict(attempt, std::move(*told), encryption, nullptr);
}

// The source was replaced since it was listed: take what is there now.
bool ServerSideCopier::look_again(CopyAttempt* attempt, const objects::ObjectHead& now) const {
  attempt->item.size = now.info.size.value();
  attempt->item.etag = now.info.etag;
  if (lane_.options.in_place) attempt->item.set_destination(now.info.etag);
  return false;
}

// The source cannot be looked at: it may be gone.
Result<bool> ServerSideCopier::ended_by(CopyAttempt* attempt, const Error& error) {
  if (!says_no_such_object(error)) return error;
  attempt->end = CopyAttempt::End::deleted_at_source;
  return true;
}

}  // namespace dth::object_copy
