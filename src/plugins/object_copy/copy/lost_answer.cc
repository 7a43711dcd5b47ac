#include "plugins/object_copy/copy/lost_answer.h"

#include "base/encoding.h"
#include "base/retry.h"
#include "plugins/object_copy/rules/comparison.h"
#include "plugins/object_copy/runner.h"

namespace dth::object_copy {

namespace {

// May the object be the one that the write was to replace? One without an ETag may be any.
bool may_be_older(const LostWrite& write, const std::string& etag) {
  if (!write.etag_before) return true;
  return !write.etag_before->empty() && (etag.empty() || is_same_etag(etag, *write.etag_before));
}

}  // namespace

std::optional<std::string> etag_before(const Item& item) {
  return item.replaces_unknown ? std::nullopt : std::optional(item.destination_etag);
}

std::optional<Proof> recognise(const LostWrite& write, const objects::ObjectHead& present) {
  const std::string& etag = present.info.etag;
  if (present.info.size != write.size || may_be_older(write, etag)) return std::nullopt;
  const std::string& stated = present.checksums.crc64nvme;
  if (!write.crc64nvme.empty() && !stated.empty() && !present.checksums.composite) {
    if (stated != write.crc64nvme) return std::nullopt;
    return Proof{state::Counter::proof_computed, "CRC64NVME",
                 hex_encode(as_bytes(base64_decode(stated).value_or("")))};
  }
  if (!write.md5.empty() && is_same_etag(etag, write.md5.hex()))
    return Proof{state::Counter::proof_computed, "MD5", write.md5.hex()};
  if (!write.parts_etag.empty() && is_same_etag(etag, write.parts_etag))
    return Proof{state::Counter::proof_computed, "MD5", ""};
  return std::nullopt;
}

bool may_be_ours(const LostWrite& write, const objects::ObjectHead& present) {
  if (recognise(write, present)) return true;
  const std::string& etag = present.info.etag;
  if (present.info.size != write.size || may_be_older(write, etag)) return false;
  const std::string& stated = present.checksums.crc64nvme;
  if (!write.crc64nvme.empty() && !stated.empty() && !present.checksums.composite)
    return stated == write.crc64nvme;
  const bool is_plain = present.encryption == objects::Encryption::none ||
                        present.encryption == objects::Encryption::sse_s3;
  return !(write.gives_parts_etag && is_plain && !etag.empty());
}

// Completes an upload. Where an answer was lost, or says no more than that something went wrong,
// the object that is there is found before anything is sent again; what is known of it is returned
// in place of the answer.
Async<Result<CompletedUpload>> ObjectCopyRunner::complete_and_look(
    objects::CompleteUploadRequest request, LostWrite write) {
  RetryOptions options;
  options.seed = lane_.tuning.retry_seed;
  options.when_throttled = [this] { lane_.in_flight.throttled(); };
  options.outages = &lane_.outages;
  RetryReport report;
  bool lost = false;
  auto done = co_await retry(
      lane_.clock, options, [&] { return complete_once(&request, &write, &lost); }, &report);
  lane_.retries += static_cast<std::uint64_t>(report.attempts - 1);
  co_return done;
}

// `*lost`: this try or an earlier one may have been carried out.
Async<Result<CompletedUpload>> ObjectCopyRunner::complete_once(
    const objects::CompleteUploadRequest* request, const LostWrite* write, bool* lost) {
  auto completed = co_await lane_.stores.destination.complete_upload(*request);
  if (completed.has_value()) co_return CompletedUpload{std::move(*completed)};
  Error error = std::move(completed.error());
  const bool may_be_done =
      error.code == ErrorCode::timeout ||
      (error.code == ErrorCode::unavailable && error.reason != ErrorReason::unreachable);
  const bool is_gone = error.code == ErrorCode::not_found;
  *lost = *lost || may_be_done;
  if (!may_be_done && !(is_gone && *lost)) co_return error;
  auto present = co_await lane_.destination->head(request->key, "");
  if (present.has_value() && may_be_ours(*write, *present)) {
    objects::PutResult found{present->info.etag, present->info.version_id, present->checksums,
                             present->encryption};
    co_return CompletedUpload{std::move(found), recognise(*write, *present).has_value()};
  }
  // A store that knows the upload no more and does not have the object yet may still be joining its
  // parts.
  if (is_gone && present.has_error() && present.error().code == ErrorCode::not_found)
    error.code = ErrorCode::unavailable;
  co_return error;
}

}  // namespace dth::object_copy
