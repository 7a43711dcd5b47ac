#include "plugins/object_copy/copy/unverified_copy.h"

#include "objects/etag.h"
#include "plugins/object_copy/copy/absence.h"
#include "plugins/object_copy/copy/read_back.h"
#include "plugins/object_copy/job_errors.h"

namespace dth::object_copy {

// Copies that the destination's answer does not verify.

namespace {

// Times that bytes are read again because the source's ETag contradicts them.
constexpr int contradictions_max = 2;

Error kept_otherwise(std::uint64_t there, std::uint64_t sent) {
  return Error{ErrorCode::data_corrupted,
               "the destination keeps an object of " + std::to_string(there) + " bytes where " +
                   std::to_string(sent) +
                   " were sent: it does not store bodies as they are meant (some servers keep the "
                   "framing of signed chunks); use TLS, or "
                   "give --unsigned-payload",
               ""};
}

Error joined_in_part(std::uint64_t there, std::uint64_t sent) {
  return Error{ErrorCode::data_corrupted,
               "the destination answered that the upload was completed, and keeps " +
                   std::to_string(there) + " of " + std::to_string(sent) +
                   " bytes: it did not join all parts",
               ""};
}

}  // namespace

Async<Result<std::optional<Proof>>> UnverifiedCopy::look_closer(CopyAttempt* attempt,
                                                                Written written,
                                                                Result<Proof> judged) {
  const ProofPlan& plan = *written.plan;
  const StoredDigests stored = digests_of(*written.stored);
  // It is ours: what replaces it does so under this condition.
  if (!stored.etag.empty()) attempt->item.set_destination(stored.etag);
  const bool tries_framing = written.framed && !attempt->unframed;
  if (judged.has_error() && tries_framing) {
    auto again = co_await kept_checks_.find_framing(attempt, written.size);
    if (again.has_error()) co_return again.error();
    if (*again) co_return std::nullopt;
  }
  if (judged.has_error()) {
    if (plan.source_md5.empty() || attempt->distrust_declared)
      co_return damage_may_pass(std::move(judged.error()));
    attempt->distrust_declared = true;
    co_return std::nullopt;
  }
  const bool is_proof = judged->kind != ledger::ProofKind::none;
  if (!is_proof && lane_.answers.learns_from(plan, stored, lane_.stores.destination.limits()))
    co_return std::nullopt;
  const std::uint64_t size = written.size;
  if (!is_proof) judged = co_await prove_otherwise(attempt->item.key, std::move(written));
  if (judged.has_error() && judged.error().code == ErrorCode::data_corrupted && tries_framing) {
    auto again = co_await kept_checks_.find_framing(attempt, size);
    if (again.has_error()) co_return again.error();
    if (*again) co_return std::nullopt;
  }
  if (judged.has_error()) co_return damage_may_pass(std::move(judged.error()));
  // (A checksum of the source's that the destination's is equal to vouches for them better than any
  // ETag.)
  if (!attempt->distrust_declared || judged->kind == ledger::ProofKind::source_checksum)
    co_return std::move(*judged);
  // Damage on the way passes when the bytes are read again. An ETag that contradicts them every
  // time may be no MD5 at all, but then nobody vouches for these bytes.
  if (is_md5_etag(stored.etag) && stored.etag == attempt->item.etag) {
    co_return Proof{ledger::ProofKind::source_checksum, "MD5", stored.etag};
  }
  if (++attempt->contradictions > contradictions_max) co_return Proof{};
  co_return Error{ErrorCode::unavailable,
                  "the bytes read are not those that the source's ETag is the MD5 of", ""};
}

// As the options have it: read back; or unverified, if what is there is at least as large as what
// was sent.
Async<Result<Proof>> UnverifiedCopy::prove_otherwise(std::string key, Written written) {
  const std::string destination_key = lane_.options.destination_key_of(key);
  if (lane_.options.unverified == UnverifiedRule::read_back) {
    const auto sent = sent_digest(*written.plan, written.computed);
    if (!sent) co_return Proof{};
    const ReadBack expected{destination_key, written.stored->etag, written.size, std::nullopt,
                            *sent};
    co_return co_await read_back(lane_.destination.get(), expected);
  }
  if (!lane_.answers.take_size_look()) co_return Proof{};
  auto there = co_await lane_.destination->head(destination_key, "");
  if (there.has_value() && there->info.size != written.size)
    co_return kept_otherwise(there->info.size.value(), written.size);
  if (there.has_error() && may_mean_no_such_object(there.error())) {
    co_return Error{ErrorCode::unavailable,
                    "the destination answered that the object was written, and has none",
                    there.error().to_string()};
  }
  co_return Proof{};
}

Async<Result<void>> UnverifiedCopy::check_size_of_whole(std::string key, std::uint64_t size) {
  auto there = co_await lane_.destination->head(std::move(key), "");
  if (there.has_error() && there.error().code == ErrorCode::cancelled) co_return there.error();
  const bool is_known = there.has_value() && there->info.size.known();
  if (!is_known || there->info.size == size) co_return Result<void>();
  if (there->info.size.value() < size) co_return joined_in_part(there->info.size.value(), size);
  lane_.kept->note_framing_kept();
  co_return kept_otherwise(there->info.size.value(), size);
}

Async<Result<Proof>> UnverifiedCopy::read_parts_back(engine::JobContext* context,
                                                     const UploadPlan* plan,
                                                     const std::vector<PartDone>* parts,
                                                     std::string etag) {
  Proof proof;
  for (const PartDone& part : *parts) {
    if (part.digest.empty())
      co_return Proof{};  // copied within the store: nobody here has seen the bytes
    if (context->stop_requested() || !context->may_start()) co_return cancelled_error();
    ReadBack expected;
    expected.key = lane_.options.destination_key_of(plan->item.key);
    expected.etag = etag;
    expected.object_size = plan->parts.object_size_bytes;
    expected.range = plan->parts.range(part.number);
    expected.sent.algorithm = part.algorithm == to_string(HashAlgorithm::md5)
                                  ? HashAlgorithm::md5
                                  : HashAlgorithm::crc64nvme;
    expected.sent.digest = digest_of_hex(part.digest);
    auto same = co_await read_back(lane_.destination.get(), std::move(expected));
    if (same.has_error()) co_return same.error();
    proof = std::move(*same);
  }
  proof.checksum.clear();  // of the parts, not of the whole
  co_return proof;
}

}  // namespace dth::object_copy
