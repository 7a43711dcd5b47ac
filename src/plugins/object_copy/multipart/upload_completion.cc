#include "plugins/object_copy/multipart/upload_completion.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/retry.h"
#include "objects/etag.h"
#include "plugins/object_copy/rules/proof.h"

namespace dth::object_copy {
namespace {

// The object's CRC from its parts', each in `member` as hex.
Digest combined_crc(HashAlgorithm algorithm, const PartPlan& plan,
                    const std::vector<PartDone>& parts, std::string PartDone::*member) {
  Digest whole = digest_of_hex(parts.front().*member);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    whole = combine_crc(algorithm, whole, digest_of_hex(parts[i].*member),
                        plan.range(parts[i].number).length);
  }
  return whole;
}

// What was read, against the CRC that the source states of the whole. Nothing where it states none.
Result<std::optional<Proof>> judge_read_parts(const UploadPlan& plan,
                                              const std::vector<PartDone>& parts) {
  const auto stated = whole_crc(plan.source_checksums);
  // Parts that were copied within the store were not read here, nor those of an older version's
  // jobs.
  const bool known = std::none_of(parts.begin(), parts.end(),
                                  [](const PartDone& part) { return part.source_crc.empty(); });
  if (!stated || !known) return std::optional<Proof>();
  auto read = judge_read(*stated,
                         combined_crc(stated->algorithm, plan.parts, parts, &PartDone::source_crc));
  if (read.has_error()) return read.error();
  return std::optional<Proof>(std::move(*read));
}

// Each part was confirmed by itself.
Proof proof_of_parts(const std::vector<PartDone>& parts) {
  if (!std::all_of(parts.begin(), parts.end(), [](const PartDone& part) { return part.proved; }))
    return {};
  return {ledger::ProofKind::transit_checksum,
          parts.front().algorithm.empty() ? "SHA256" : parts.front().algorithm, ""};
}

Proof proof_of_crc(const Digest& crc, bool within) {
  return {within ? ledger::ProofKind::source_checksum : ledger::ProofKind::transit_checksum,
          "CRC64NVME", crc.hex()};
}

std::string etag_of(const std::vector<PartDone>& parts) {
  std::vector<std::string> md5s;
  for (const PartDone& part : parts) md5s.push_back(part.etag);
  return multipart_etag(md5s);
}

// The destination holds what was read (`written`), and that is what the source states.
Proof from_end_to_end(const Proof& written, const std::optional<Proof>& read) {
  return written.kind == ledger::ProofKind::none ? written : read.value_or(written);
}

bool all_digests_are(const std::vector<PartDone>& parts, std::string_view algorithm) {
  return std::all_of(parts.begin(), parts.end(),
                     [&](const PartDone& part) { return part.algorithm == algorithm; });
}

// The CRC64NVME of the whole, to be stated with Complete. Empty: none is known, or the destination
// has no use for it.
Digest whole_crc_of(const UploadPlan& plan, const std::vector<PartDone>& parts, bool is_answered) {
  // The store read and wrote by itself: only the source's own digest of the whole proves anything.
  if (plan.within)
    return digest_of_hex(
        hex_encode(as_bytes(base64_decode(plan.source_checksums.crc64nvme).value_or(""))));
  if (!is_answered || !all_digests_are(parts, "CRC64NVME")) return {};
  return combined_crc(HashAlgorithm::crc64nvme, plan.parts, parts, &PartDone::digest);
}

objects::CompleteUploadRequest request_of(const LaneContext& lane, const FinishPayload& payload,
                                          const std::vector<PartDone>& parts) {
  objects::CompleteUploadRequest request;
  request.key = lane.options.destination_key_of(payload.plan.item.key);
  request.upload_id = payload.upload_id;
  for (const PartDone& part : parts) {
    request.parts.push_back(
        {part.number, part.etag,
         part.stated && part.algorithm == "CRC64NVME" ? digest_of_hex(part.digest).base64() : ""});
  }
  if (lane.stores.destination.limits().conditional_complete) {
    request.precondition.if_absent = payload.plan.item.destination_etag.empty();
    request.precondition.if_match = payload.plan.item.destination_etag;
  }
  return request;
}

}  // namespace

// What is known of an object in parts before it is completed.
struct UploadCompletion::Whole {
  Proof proof;       // what the parts' answers came to
  Digest crc;        // its CRC64NVME, which is stated with Complete; empty: none
  std::string etag;  // the one that it must have; empty: unknown
  // The one that it has where the store makes its ETags of the parts' MD5s; empty: it does not.
  std::string parts_etag;
  std::size_t part_count = 0;
};

// What the destination answered to Complete.
Result<Proof> UploadCompletion::judge_whole(const Whole& whole, const StoredDigests& answered,
                                            bool within) {
  const std::string& stated = answered.checksums.crc64nvme;
  const bool states_crc = !whole.crc.empty() && !stated.empty() && !answered.checksums.composite;
  if (states_crc && stated != whole.crc.base64()) return judge_checksum(whole.crc.base64(), stated);
  const bool comparable = !whole.etag.empty() && !answered.opaque_etag && !answered.etag.empty();
  // The parts' ETags may be others than MD5s where encryption is not told of: then nothing is
  // proved by them.
  if (comparable && !is_same_etag(answered.etag, whole.etag)) return Proof{};
  // Whatever else it says, it says that another number of parts was joined.
  const std::string parts_told = "-" + std::to_string(whole.part_count);
  if (objects::is_parts_etag(answered.etag) && !answered.etag.ends_with(parts_told)) return Proof{};
  return states_crc ? proof_of_crc(whole.crc, within) : whole.proof;
}

Async<Result<Proof>> UploadCompletion::complete(engine::JobContext* context,
                                                const FinishPayload& payload,
                                                const std::vector<PartDone>& parts,
                                                Completed* end) {
  auto read = judge_read_parts(payload.plan, parts);
  if (read.has_error()) co_return read.error();
  const objects::StoreLimits& limits = lane_.stores.destination.limits();
  objects::CompleteUploadRequest request = request_of(lane_, payload, parts);
  Whole whole;
  whole.proof = proof_of_parts(parts);
  whole.part_count = parts.size();
  whole.crc = whole_crc_of(payload.plan, parts,
                           limits.enforces_checksums && !payload.plan.unannounced &&
                               !lane_.kept->answers.checksums_unanswered);
  if (!whole.crc.empty()) request.checksums.crc64nvme = whole.crc.base64();
  // What UploadPart answered are the parts' MD5s.
  if (limits.multipart_etag_is_md5_of_md5s) whole.etag = etag_of(parts);
  const std::string key = request.key;
  LostWrite write{.size = payload.plan.parts.object_size_bytes,
                  .crc64nvme = request.checksums.crc64nvme};
  write.etag_before = etag_before(payload.plan.item);
  write.gives_parts_etag = !whole.etag.empty();
  const bool are_md5s = std::all_of(parts.begin(), parts.end(),
                                    [](const PartDone& part) { return is_md5_etag(part.etag); });
  if (are_md5s) whole.parts_etag = write.parts_etag = etag_of(parts);
  auto ended = co_await complete_and_look(std::move(request), std::move(write));
  if (ended.has_error()) {
    auto found = co_await find_completed(context, &payload, &parts, std::move(whole),
                                         std::move(ended.error()), &end->etag);
    if (found.has_error()) co_return found.error();
    co_return from_end_to_end(*found, *read);
  }
  const objects::PutResult* const completed = &ended->answer;
  if (!ended->is_known) {
    whole.proof = Proof{};
    auto aborted = co_await lane_.destination->abort_upload(key, payload.upload_id);
    end->may_be_open = aborted.has_error();
  }
  end->etag = completed->etag.empty() ? whole.etag : completed->etag;
  const StoredDigests answered = digests_of(*completed);
  if (answered.opaque_etag && completed->etag.empty()) end->etag.clear();
  auto encrypted = check_encryption(payload.plan.encryption, completed->encryption);
  if (encrypted.has_error()) encrypted = co_await look_how_encrypted(key, payload.plan.encryption);
  if (encrypted.has_error()) co_return encrypted.error();
  auto judged = judge_whole(whole, answered, payload.plan.within);
  if (judged.has_error()) co_return judged.error();
  const bool unverified = judged->kind == ledger::ProofKind::none;
  // Parts that went up as CRCs prove nothing once the destination is known to answer none, by this
  // object or by another that ended before it. Sent once more, they are proved by their ETags.
  if (answered.checksums.crc64nvme.empty())
    lane_.kept->answers.checksums_unanswered =
        lane_.kept->answers.checksums_unanswered || !whole.crc.empty();
  const bool again = unverified && lane_.kept->answers.checksums_unanswered &&
                     all_digests_are(parts, "CRC64NVME") && !payload.plan.within &&
                     payload.plan.item.replanned < replans_after_damage_max;
  if (again && lane_.options.unverified == UnverifiedRule::fail) {
    co_return Error{ErrorCode::data_corrupted,
                    "the destination takes an object's checksum and does not answer it", ""};
  }
  // What vouches for each part does not say that the store joined all of them.
  const bool is_whole =
      !unverified && (!answered.checksums.crc64nvme.empty() ||
                      is_same_etag(answered.etag, whole.parts_etag) || limits.keeps_what_is_sent);
  if (!is_whole && !payload.plan.within) {
    auto whole_there =
        co_await unverified_.check_size_of_whole(key, payload.plan.parts.object_size_bytes);
    if (whole_there.has_error()) co_return whole_there.error();
  }
  if (unverified && lane_.options.unverified == UnverifiedRule::read_back) {
    judged = co_await unverified_.read_parts_back(context, &payload.plan, &parts, completed->etag);
    if (judged.has_error()) co_return judged.error();
  }
  co_return from_end_to_end(*judged, *read);
}

// After a refusal: the upload is gone, or something is there already, and an earlier Complete may
// have got through, its answer lost. The refusal where what is there is not that.
Async<Result<Proof>> UploadCompletion::find_completed(engine::JobContext* context,
                                                      const FinishPayload* payload,
                                                      const std::vector<PartDone>* parts,
                                                      Whole whole, Error refusal,
                                                      std::string* etag) {
  if (refusal.code != ErrorCode::not_found && refusal.code != ErrorCode::precondition_failed)
    co_return refusal;
  const UploadPlan& plan = payload->plan;
  const std::string key = lane_.options.destination_key_of(plan.item.key);
  auto present = co_await lane_.destination->head(key, "");
  if (present.has_error() && present.error().code == ErrorCode::not_found) co_return refusal;
  if (present.has_error()) co_return present.error();
  if (present->info.size != plan.parts.object_size_bytes) co_return refusal;
  const bool same_crc = !whole.crc.empty() && !present->checksums.composite &&
                        present->checksums.crc64nvme == whole.crc.base64();
  const bool same_etag = !whole.etag.empty() && is_same_etag(present->info.etag, whole.etag);
  if (same_crc) {
    whole.proof = proof_of_crc(whole.crc, plan.within);
  } else if (!same_etag) {
    if (lane_.options.unverified != UnverifiedRule::read_back) co_return refusal;
    auto back = co_await unverified_.read_parts_back(context, &plan, parts, present->info.etag);
    if (back.has_error() && back.error().code != ErrorCode::data_corrupted) co_return back.error();
    if (back.has_error() || back->kind == ledger::ProofKind::none) co_return refusal;
    whole.proof = std::move(*back);
  }
  *etag = present->info.etag;
  if (auto encrypted = check_encryption(plan.encryption, present->encryption);
      encrypted.has_error()) {
    lane_.kept->answers.encryption_ignored = true;
    co_return encrypted.error();
  }
  if (refusal.code == ErrorCode::precondition_failed) {
    // Somebody else's upload of the same parts would look alike and leave ours open.
    auto aborted = co_await lane_.destination->abort_upload(key, payload->upload_id);
    if (aborted.has_error()) co_return aborted.error();
  }
  co_return std::move(whole.proof);
}

// Not every store says so when an upload is completed.
Async<Result<void>> UploadCompletion::look_how_encrypted(std::string key,
                                                         objects::Encryption asked) {
  auto present = co_await lane_.destination->head(std::move(key), "");
  if (present.has_error()) co_return present.error();
  auto encrypted = check_encryption(asked, present->encryption);
  if (encrypted.has_error()) lane_.kept->answers.encryption_ignored = true;
  co_return encrypted;
}

// Completes an upload. Where an answer was lost, or says no more than that something went wrong,
// the object that is there is found before anything is sent again; what is known of it is returned
// in place of the answer.
Async<Result<CompletedUpload>> UploadCompletion::complete_and_look(
    objects::CompleteUploadRequest request, LostWrite write) {
  RetryOptions options = lane_.retry_options(0);
  options.when_throttled = [this] { lane_.in_flight.throttled(); };
  RetryReport report;
  bool lost = false;
  auto done = co_await retry(
      lane_.clock, options, [&] { return complete_once(&request, &write, &lost); }, &report);
  lane_.retries += static_cast<std::uint64_t>(report.attempts - 1);
  co_return done;
}

// `*lost`: this try or an earlier one may have been carried out.
Async<Result<CompletedUpload>> UploadCompletion::complete_once(
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
