#include "plugins/object_copy/copy/absence.h"
#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/copy/read_back.h"
#include "plugins/object_copy/rules/comparison.h"

// Copies that the destination's answer does not verify.
namespace dth::object_copy {
namespace {

// Times that bytes are read again because the source's ETag contradicts them.
constexpr int contradictions_max = 2;

// Looks at unverified copies of one lane: a store that keeps something else than it was sent does
// so every time.
constexpr std::uint32_t size_looks_max = 16;

Error kept_otherwise(std::uint64_t there, std::uint64_t sent) {
  return Error{ErrorCode::data_corrupted,
               "the destination keeps an object of " + std::to_string(there) + " bytes where " +
                   std::to_string(sent) +
                   " were sent: it does not store bodies as they are meant (some servers keep the "
                   "framing of signed chunks); use TLS, or "
                   "give --unsigned-payload",
               ""};
}

}  // namespace

// GET says that there is no such object. False: try again at once, since the listing has it; it may
// have come back.
Async<Result<bool>> ObjectCopyRunner::settle_absence(Attempt* attempt, Error refusal) {
  auto gone = co_await confirm_absence(lane_.source.get(), attempt->item.key, attempt->item.version,
                                       std::move(refusal));
  const bool is_listed = gone.has_error() && gone.error().reason == ErrorReason::listed_but_missing;
  if (is_listed && !std::exchange(attempt->seen_again, true)) co_return false;
  if (gone.has_error()) co_return gone.error();
  attempt->end = Attempt::End::vanished;
  co_return true;
}

void ObjectCopyRunner::note_etag(const StoredDigests& stored, const Proof& proof) {
  if (stored.opaque_etag) lane_.etags_seen = EtagsSeen::opaque;
  if (!stored.opaque_etag && proof.algorithm == "MD5") lane_.etags_seen = EtagsSeen::md5s;
}

ProofDoubts ObjectCopyRunner::doubts_of(const Attempt* attempt) const {
  return {.declared = attempt && attempt->distrust_declared,
          .checksums = lane_.kept->answers.checksums_unanswered,
          .etags = lane_.etags_seen};
}

// What there is to say of a copy that the destination's answer does not verify, or contradicts.
// Nothing: it is to be sent again at once, with what was learnt.
Async<Result<std::optional<Proof>>> ObjectCopyRunner::look_closer(Attempt* attempt, Written written,
                                                                  Result<Proof> judged) {
  const ProofPlan& plan = *written.plan;
  const StoredDigests stored = digests_of(*written.stored);
  // It is ours: what replaces it does so under this condition.
  if (!stored.etag.empty()) attempt->item.set_destination(stored.etag);
  const bool tries_framing = written.framed && !attempt->unframed;
  if (judged.has_error() && tries_framing) {
    auto again = co_await find_framing(attempt, written.size);
    if (again.has_error()) co_return again.error();
    if (*again) co_return std::nullopt;
  }
  if (judged.has_error()) {
    if (plan.source_md5.empty() || attempt->distrust_declared)
      co_return damage_may_pass(std::move(judged.error()));
    attempt->distrust_declared = true;
    co_return std::nullopt;
  }
  const bool is_proof = judged->kind != state::Counter::proof_none;
  if (!is_proof && learns_from(plan, stored)) co_return std::nullopt;
  const std::uint64_t size = written.size;
  if (!is_proof) judged = co_await prove_otherwise(attempt->item.key, std::move(written));
  if (judged.has_error() && judged.error().code == ErrorCode::data_corrupted && tries_framing) {
    auto again = co_await find_framing(attempt, size);
    if (again.has_error()) co_return again.error();
    if (*again) co_return std::nullopt;
  }
  if (judged.has_error()) co_return damage_may_pass(std::move(judged.error()));
  // (A checksum of the source's that the destination's is equal to vouches for them better than any
  // ETag.)
  if (!attempt->distrust_declared || judged->kind == state::Counter::proof_declared)
    co_return std::move(*judged);
  // Damage on the way passes when the bytes are read again. An ETag that contradicts them every
  // time may be no MD5 at all, but then nobody vouches for these bytes.
  if (is_md5_etag(stored.etag) && stored.etag == attempt->item.etag) {
    co_return Proof{state::Counter::proof_declared, "MD5", stored.etag};
  }
  if (++attempt->contradictions > contradictions_max) co_return Proof{};
  co_return Error{ErrorCode::unavailable,
                  "the bytes read are not those that the source's ETag is the MD5 of", ""};
}

// Does the same copy, sent with another digest, have a chance that this one had not?
bool ObjectCopyRunner::learns_from(const ProofPlan& plan, const StoredDigests& stored) {
  const bool asked = plan.has_declared_checksum() || plan.compute == HashAlgorithm::crc64nvme;
  if (asked) {
    // It takes checksums and says nothing of them, so that they may as well be ignored.
    lane_.kept->answers.checksums_unanswered = true;
    return true;
  }
  if (!stored.opaque_etag || !lane_.stores.destination.limits().enforces_checksums ||
      lane_.kept->answers.checksums_unanswered)
    return false;
  lane_.etags_seen = EtagsSeen::opaque;
  return true;
}

// As the options have it: read back; or unverified, if what is there is at least as large as what
// was sent.
Async<Result<Proof>> ObjectCopyRunner::prove_otherwise(std::string key, Written written) {
  const std::string destination_key = lane_.options.destination_key_of(key);
  if (lane_.options.unverified == UnverifiedRule::read_back) {
    const auto sent = sent_digest(*written.plan, written.computed);
    if (!sent) co_return Proof{};
    const ReadBack expected{destination_key, written.stored->etag, written.size, std::nullopt,
                            *sent};
    co_return co_await read_back(lane_.destination.get(), expected);
  }
  if (lane_.size_looks >= size_looks_max) co_return Proof{};
  ++lane_.size_looks;
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

// Of an object in parts that is complete and that nothing verifies. One that is larger than what
// was sent has the framing of its parts among its bytes: it is sent again without.
Async<Result<void>> ObjectCopyRunner::check_size_of_whole(std::string key, std::uint64_t size) {
  if (lane_.size_looks >= size_looks_max) co_return Result<void>();
  ++lane_.size_looks;
  auto there = co_await lane_.destination->head(std::move(key), "");
  if (there.has_error() && there.error().code == ErrorCode::cancelled) co_return there.error();
  const bool is_known = there.has_value() && there->info.size.known();
  if (!is_known || there->info.size == size) co_return Result<void>();
  if (there->info.size.value() > size) lane_.kept->note_framing_kept();
  co_return kept_otherwise(there->info.size.value(), size);
}

// Of an object in parts that is complete: part by part, one after the other.
Async<Result<Proof>> ObjectCopyRunner::read_parts_back(engine::JobContext* context,
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
