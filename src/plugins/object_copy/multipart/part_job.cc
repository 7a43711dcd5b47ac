#include "plugins/object_copy/multipart/part_job.h"

#include <algorithm>

#include "base/async_scope.h"
#include "base/retry.h"
#include "plugins/object_copy/copy/absence.h"
#include "plugins/object_copy/copy/transfer_body.h"
#include "plugins/object_copy/job_errors.h"
#include "plugins/object_copy/rules/proof.h"

namespace dth::object_copy {
namespace {

// Gone, or shorter than planned: the finish job looks again what there is.
Error gone_means_changed(Error error) {
  const bool gone = says_no_such_object(error) || error.code == ErrorCode::invalid_argument;
  if (gone) error.code = ErrorCode::precondition_failed;
  return error;
}

// Bodies of this size are signed from memory, if they come in one piece.
constexpr std::uint64_t signed_at_once_size_max = 1 << 20;

// Nothing where the source has the size that it had when the upload was planned.
std::optional<Error> other_than_planned(const UploadPlan& plan,
                                        objects::Reported<std::uint64_t> size) {
  if (size == plan.parts.object_size_bytes) return std::nullopt;
  Error error = other_size(plan.parts.object_size_bytes, size.value());
  // Without ETags nothing but its size tells that it is another one now.
  if (plan.source_etag.empty()) error.code = ErrorCode::precondition_failed;
  return error;
}

struct DigestsAhead {
  Digest digest;
  Digest sha256;
};

// Reads the bytes for their digests alone; either may not be wanted.
Async<Result<DigestsAhead>> read_digests(objects::ObjectStore* store, objects::GetRequest request,
                                         std::optional<HashAlgorithm> algorithm, bool sha256) {
  auto source = co_await store->get(std::move(request));
  if (source.has_error()) co_return source.error();
  auto first = co_await source->body->next();
  if (first.has_error()) co_return first.error();
  TransferBody body(*source->body, *first, algorithm,
                    sha256 ? std::optional(HashAlgorithm::sha256) : std::nullopt);
  auto read = co_await read_to_end(body);
  if (read.has_error()) co_return read.error();
  co_return DigestsAhead{body.digest().value_or(Digest()), body.also().value_or(Digest())};
}

}  // namespace

// What the tries of one part have shown of its write.
struct PartJob::Try {
  objects::AidTrial trial = {};
  bool digest_ahead = false;
};

Async<Result<engine::Finished>> PartJob::run(engine::JobContext& context) {
  auto payload = parse_part_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  PartOutcome outcome;
  outcome.done = payload->done;
  std::vector<std::uint32_t> todo;
  for (std::uint32_t number = payload->last; number >= payload->first; --number) {
    const bool done = std::any_of(outcome.done.begin(), outcome.done.end(),
                                  [number](const PartDone& part) { return part.number == number; });
    if (!done) todo.push_back(number);
  }
  AsyncScope copiers(lane_.executor);
  for (std::uint32_t i = 0; i < lane_.tuning.parts_in_flight_per_job_max; ++i) {
    copiers.spawn(copy_parts(&context, &*payload, &outcome, &todo));
  }
  co_await copiers.join();

  const bool locked_out = outcome.error && engine::stops_run(*outcome.error);
  const bool settled = outcome.changed || (outcome.error && !locked_out) ||
                       outcome.done.size() == payload->last - payload->first + 1;
  if (!settled) {
    // Stopped, not let in any more, or no space: the parts that are up need not go again.
    payload->done = std::move(outcome.done);
    std::string rest = to_json(*payload);
    state::Effects nothing;
    ledger::LineBuffer no_lines;
    auto kept = co_await context.advance(std::move(rest), std::move(nothing), std::move(no_lines));
    if (kept.has_error()) co_return kept.error();
    co_return locked_out ? *outcome.error : cancelled_error();
  }
  engine::Finished finished;
  finished.effects.group_result = to_json(outcome);
  co_return finished;
}

Async<void> PartJob::copy_parts(engine::JobContext* context, PartPayload* payload,
                                PartOutcome* outcome, std::vector<std::uint32_t>* todo) {
  for (;;) {
    auto turn = co_await lane_.in_flight.enter();
    if (turn.has_error()) co_return;
    // Asked now, and not before the wait: much may have happened meanwhile.
    if (todo->empty() || context->stop_requested() || !context->may_start() || outcome->changed ||
        outcome->error) {
      lane_.in_flight.leave(*turn, std::nullopt);
      co_return;
    }
    const std::uint32_t number = todo->back();
    todo->pop_back();
    auto copied = co_await copy_part(context, payload, number, outcome);
    lane_.in_flight.leave(*turn, copied.has_value()
                                     ? std::optional(payload->plan.parts.range(number).length)
                                     : std::nullopt);
    if (copied.has_error()) co_return;
  }
}

Async<Result<void>> PartJob::copy_part(engine::JobContext* context, const PartPayload* payload,
                                       std::uint32_t number, PartOutcome* outcome) {
  RetryOptions options = lane_.retry_options(number);
  options.when_throttled = [this] { lane_.in_flight.throttled(); };
  RetryReport report;
  Try known;
  auto done = co_await retry(
      lane_.clock, options, [&] { return try_part(context, payload, number, &known); }, &report);
  lane_.retries += static_cast<std::uint64_t>(report.attempts - 1);
  if (done.has_value()) {
    outcome->done.push_back(std::move(*done));
    co_return Result<void>();
  }
  if (report.stopped == RetryStop::cancelled) co_return cancelled_error();
  switch (done.error().code) {
    case ErrorCode::cancelled:
      break;
    case ErrorCode::precondition_failed:
      outcome->changed = true;
      break;
    default:
      outcome->error = done.error();
  }
  co_return done.error();
}

// precondition_failed: the source is not the planned version any more, or the upload is gone; to be
// planned afresh.
Async<Result<PartDone>> PartJob::copy_part_within(engine::JobContext* context,
                                                  const PartPayload* payload,
                                                  std::uint32_t number) {
  objects::CopyPartRequest request;
  request.source = {lane_.stores.copy_source_bucket, payload->plan.item.key,
                    payload->plan.item.version, payload->plan.source_etag};
  request.key = lane_.options.destination_key_of(payload->plan.item.key);
  request.upload_id = payload->upload_id;
  request.part_number = number;
  request.range = payload->plan.parts.range(number);
  if (!context->may_start()) co_return cancelled_error();
  auto stored = co_await lane_.stores.destination.copy_part(std::move(request));
  if (stored.has_error()) co_return gone_means_changed(stored.error());
  PartDone done;
  done.number = number;
  done.etag = stored->etag;
  co_return done;  // what proves the whole is the source's checksum, when the upload is completed
}

// Again at once where a refusal was understood: a bounded number of times.
Async<Result<PartDone>> PartJob::try_part(engine::JobContext* context, const PartPayload* payload,
                                          std::uint32_t number, Try* known) {
  for (int turn = 0;; ++turn) {
    auto done = co_await transfer_part(context, payload, number, known);
    const bool again =
        done.has_error() && done.error().reason == ErrorReason::aid_refused && turn < 8;
    if (!again) co_return done;
  }
}

// As KeptChecks::find_framing(), of a part that arrived otherwise than it was sent in chunks.
Async<Error> PartJob::find_part_framing(const PartPayload* payload, std::uint32_t number,
                                        Try* known, Error damage) {
  auto parts = co_await lane_.destination->list_parts(
      lane_.options.destination_key_of(payload->plan.item.key), payload->upload_id);
  std::uint64_t size = 0;  // not known
  for (std::size_t i = 0; parts.has_value() && i < parts->size(); ++i) {
    if ((*parts)[i].part_number == number) size = (*parts)[i].size;
  }
  if (size == payload->plan.parts.range(number).length) co_return damage;
  if (size > 0) {
    lane_.kept->note_framing_kept();
  } else {
    known->trial.without |= objects::TransferAid::chunk_signatures;
  }
  damage.reason = ErrorReason::aid_refused;
  co_return damage;
}

// What the destination's refusal of a part means. `may_need_digest`: that may be what is missing.
Error PartJob::refused_part(const Error& refusal, bool may_need_digest, Try* known) {
  Error error = damage_may_pass(refusal);
  // It has just been learnt that parts need a digest.
  if (error.code == ErrorCode::invalid_argument && may_need_digest) {
    known->digest_ahead = true;
    known->trial = {};  // it was about the digest, and about no aid
    error.code = ErrorCode::unavailable;
    error.reason = ErrorReason::aid_refused;
  }
  // The upload is gone: a rule of the bucket removes unfinished ones after some days.
  if (error.reason == ErrorReason::upload_missing) error.code = ErrorCode::precondition_failed;
  return error;
}

Async<Result<PartDone>> PartJob::transfer_part(engine::JobContext* context,
                                               const PartPayload* payload, std::uint32_t number,
                                               Try* known) {
  if (!context->may_start()) co_return cancelled_error();
  if (payload->plan.within) co_return co_await copy_part_within(context, payload, number);
  if (lane_.kept->framing() == KeptFacts::Framing::kept_as_encoding)
    lane_.stores.destination.go_without(objects::TransferAid::chunk_signatures);
  objects::StoreLimits limits = lane_.stores.destination.limits().without(known->trial.without);
  if (payload->plan.unannounced) limits.enforces_checksums = false;
  const bool announced = limits.enforces_checksums && limits.checksum_at_complete;
  const bool digest_needed = payload->plan.digest_ahead || limits.writes_need_digest ||
                             known->digest_ahead ||
                             (announced && lane_.kept->answers.parts_need_checksums);
  const bool sha256_needed = limits.payload_digest_ahead &&
                             payload->plan.parts.range(number).length > signed_at_once_size_max;
  DigestsAhead ahead;
  objects::GetRequest get;
  get.key = payload->plan.item.key;
  get.version_id = payload->plan.item.version;
  get.if_match = payload->plan.source_etag;
  get.range = payload->plan.parts.range(number);
  ProofPlan plan = plan_part_proof(limits, lane_.answers.doubts(false));
  if (digest_needed && !plan.compute) plan.compute = HashAlgorithm::md5;
  if (digest_needed || sha256_needed) {
    auto read = co_await read_digests(&lane_.stores.source, get,
                                      digest_needed ? plan.compute : std::nullopt, sha256_needed);
    if (read.has_error()) co_return gone_means_changed(read.error());
    ahead = *read;
  }
  auto source = co_await lane_.stores.source.get(std::move(get));
  if (source.has_error()) co_return gone_means_changed(source.error());
  if (auto other = other_than_planned(payload->plan, source->head.info.size))
    co_return std::move(*other);
  auto first = co_await source->body->next();
  if (first.has_error()) co_return first.error();
  const auto stated = whole_crc(payload->plan.source_checksums);
  std::optional<HashAlgorithm> also;
  if (stated && plan.compute != stated->algorithm) also = stated->algorithm;
  TransferBody body(*source->body, *first, plan.compute, also);
  objects::UploadPartRequest request;
  request.key = lane_.options.destination_key_of(payload->plan.item.key);
  request.upload_id = payload->upload_id;
  request.part_number = number;
  if (digest_needed && *plan.compute == HashAlgorithm::md5) request.content_md5 = ahead.digest;
  if (digest_needed && *plan.compute == HashAlgorithm::crc64nvme)
    request.checksums.crc64nvme = ahead.digest.base64();
  request.payload_sha256 = ahead.sha256;
  request.trial = &known->trial;
  const std::string request_checksum = request.checksums.crc64nvme;
  if (!context->may_start()) co_return cancelled_error();
  auto stored = co_await lane_.stores.destination.upload_part(std::move(request), body);
  if (stored.has_error()) {
    const bool may_need_digest = lane_.stores.destination.limits().writes_need_digest ||
                                 (announced && plan.compute == HashAlgorithm::crc64nvme);
    co_return refused_part(stored.error(), may_need_digest && !digest_needed, known);
  }
  if (known->digest_ahead && announced) lane_.kept->answers.parts_need_checksums = true;
  const auto digest = body.digest();
  auto proof = judge(plan, digests_of(*stored), digest, limits);
  if (proof.has_error() && limits.payload_always_signed && !limits.payload_digest_ahead &&
      body.size() > signed_at_once_size_max) {
    co_return co_await find_part_framing(payload, number, known, damage_may_pass(proof.error()));
  }
  if (proof.has_error()) co_return damage_may_pass(proof.error());
  PartDone done;
  done.number = number;
  done.etag = stored->etag;
  if (digest) {
    done.algorithm = to_string(*plan.compute);
    done.digest = digest->hex();
  }
  done.stated = !request_checksum.empty();
  if (stated) done.source_crc = (also ? *body.also() : *digest).hex();
  done.proved = proof->kind != ledger::ProofKind::none;
  co_return done;
}

}  // namespace dth::object_copy
