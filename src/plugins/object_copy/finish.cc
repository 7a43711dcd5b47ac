#include "base/encoding.h"
#include "plugins/object_copy/runner.h"

namespace dth::object_copy {
namespace {

constexpr std::uint32_t replans_max = 5;
// Of these, because the bytes were damaged: reading a large object costs what it costs.
constexpr std::uint32_t replans_after_damage_max = 2;

// All parts' outcomes as one, the parts ascending.
Result<PartOutcome> gather(const std::vector<state::GroupResult>& results) {
  PartOutcome whole;
  for (const state::GroupResult& result : results) {
    // A part job that ended in an error of the run left no result at all: its parts are missing.
    auto outcome = parse_part_outcome(result.payload);
    if (outcome.has_error()) return outcome.error();
    whole.done.insert(whole.done.end(), outcome->done.begin(), outcome->done.end());
    whole.changed |= outcome->changed;
    whole.vanished |= outcome->vanished;
    if (outcome->error && !whole.error) whole.error = outcome->error;
  }
  std::sort(whole.done.begin(), whole.done.end(),
            [](const PartDone& a, const PartDone& b) { return a.number < b.number; });
  return whole;
}

Digest digest_of(const std::string& hex) {
  const std::string raw = hex_decode(hex).value_or("");
  return Digest(reinterpret_cast<const unsigned char*>(raw.data()), raw.size());
}

// The object's CRC from its parts', each in `member` as hex.
Digest combined_crc(HashAlgorithm algorithm, const PartPlan& plan, const std::vector<PartDone>& parts, std::string PartDone::*member) {
  Digest whole = digest_of(parts.front().*member);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    whole = combine_crc(algorithm, whole, digest_of(parts[i].*member), plan.range(parts[i].number).length);
  }
  return whole;
}

// What was read, against the CRC that the source states of the whole. Nothing where it states none.
Result<std::optional<Proof>> judge_read_parts(const UploadPlan& plan, const std::vector<PartDone>& parts) {
  const auto stated = whole_crc(plan.source_checksums);
  // Parts that were copied within the store were not read here, nor those of an older version's jobs.
  const bool known = std::none_of(parts.begin(), parts.end(), [](const PartDone& part) { return part.source_crc.empty(); });
  if (!stated || !known) return std::optional<Proof>();
  auto read = judge_read(*stated, combined_crc(stated->algorithm, plan.parts, parts, &PartDone::source_crc));
  if (read.has_error()) return read.error();
  return std::optional<Proof>(std::move(*read));
}

// The destination holds what was read (`written`), and that is what the source states.
Proof from_end_to_end(const Proof& written, const std::optional<Proof>& read) {
  return written.kind == state::Counter::proof_none ? written : read.value_or(written);
}

bool all_digests_are(const std::vector<PartDone>& parts, std::string_view algorithm) {
  return std::all_of(parts.begin(), parts.end(), [&](const PartDone& part) { return part.algorithm == algorithm; });
}

}  // namespace

Async<Result<engine::Finished>> ObjectCopyRunner::finish(engine::JobContext& context) {
  auto payload = parse_finish_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  const state::GroupId group = context.job().group.value_or(0);
  auto results = co_await context.with_state([&](state::State& state) { return state.group_results(group); });
  if (results.has_error()) co_return results.error();
  auto outcome = gather(*results);
  if (outcome.has_error()) co_return outcome.error();
  if (!context.may_start()) co_return cancelled_error();

  const Item& item = payload->plan.item;
  const bool whole = outcome->done.size() == payload->plan.parts.part_count;
  if (!outcome->changed && !outcome->error && !whole) {
    outcome->error = Error{ErrorCode::internal, "parts of the object are missing", ""};
  }
  if (outcome->changed || outcome->error) {
    co_return co_await drop_upload(context, std::move(*payload), std::move(*outcome));
  }
  std::string etag;
  auto proof = co_await complete(*payload, outcome->done, &etag);
  if (proof.has_error()) {
    const Error& error = proof.error();
    if (is_for_another_try(context, error)) co_return error;
    outcome->error = error;
    // The upload is gone, or what it was to replace is, and the destination is not what it would have made: begin again.
    outcome->changed = error.code == ErrorCode::not_found;
    // Bytes that were damaged on the way may come whole the next time.
    outcome->changed |= error.code == ErrorCode::data_corrupted && item.replanned < replans_after_damage_max;
    // The destination is not as it was listed, and an earlier attempt of ours may be why: it may be replaced.
    const bool ours = error.code == ErrorCode::precondition_failed && item.maybe_written;
    if (ours || error.code == ErrorCode::not_found) {
      auto present = co_await destination_->head(options_.destination_key_of(item.key), "");
      if (present.has_value() && ours) {
        payload->plan.item.destination_etag = present->info.etag;
        outcome->changed = true;
      } else if (present.has_error() && present.error().code == ErrorCode::not_found) {
        payload->plan.item.destination_etag.clear();
        outcome->changed = true;
      } else if (present.has_error() && is_for_another_try(context, present.error())) {
        co_return present.error();
      }
    }
    co_return co_await drop_upload(context, std::move(*payload), std::move(*outcome));
  }
  engine::Finished finished;
  objects::ObjectInfo source;
  source.key = item.key;
  source.size = payload->plan.parts.object_size_bytes;
  source.etag = payload->plan.source_etag;
  source.version_id = item.version;
  record_copied(options_, source, {etag, "", {}, {}}, *proof, clock_.now(), &finished);
  finished.effects.uploads_closed.push_back(payload->upload_row);
  co_return finished;
}

// Completes the upload, or finds that an earlier try already had. not_found: neither.
Async<Result<Proof>> ObjectCopyRunner::complete(const FinishPayload& payload, const std::vector<PartDone>& parts,
                                                std::string* etag) {
  auto read = judge_read_parts(payload.plan, parts);
  if (read.has_error()) co_return read.error();
  const objects::StoreLimits& limits = stores_.destination.limits();
  objects::CompleteUploadRequest request;
  request.key = options_.destination_key_of(payload.plan.item.key);
  request.upload_id = payload.upload_id;
  for (const PartDone& part : parts) request.parts.push_back({part.number, part.etag});
  if (limits.conditional_complete) {
    request.precondition.if_absent = payload.plan.item.destination_etag.empty();
    request.precondition.if_match = payload.plan.item.destination_etag;
  }
  Proof proof;
  std::string etag_expected;
  if (payload.plan.within) {
    // The store read and wrote by itself: only the source's own digest of the whole proves anything.
    const std::string& stated = payload.plan.source_checksums.crc64nvme;
    if (!stated.empty()) {
      request.checksums.crc64nvme = stated;
      proof = judge_checksum(stated, stated).value();
    }
  } else if (limits.enforces_checksums && all_digests_are(parts, "CRC64NVME")) {
    const Digest crc = combined_crc(HashAlgorithm::crc64nvme, payload.plan.parts, parts, &PartDone::digest);
    request.checksums.crc64nvme = crc.base64();
    proof = Proof{state::Counter::proof_computed, "CRC64NVME", crc.hex()};
  } else if (std::all_of(parts.begin(), parts.end(), [](const PartDone& part) { return part.proved; })) {
    proof = Proof{state::Counter::proof_computed, parts.front().algorithm.empty() ? "SHA256" : parts.front().algorithm, ""};
  }
  if (limits.multipart_etag_is_md5_of_md5s) {
    // What UploadPart answered are the parts' MD5s.
    std::vector<std::string> md5s;
    for (const PartDone& part : parts) md5s.push_back(part.etag);
    etag_expected = multipart_etag(md5s);
  }
  const std::string key = request.key;
  auto completed = co_await destination_->complete_upload(std::move(request));
  if (completed.has_value()) {
    *etag = completed->etag.empty() ? etag_expected : completed->etag;
    const bool enforced = proof.algorithm == "CRC64NVME" || limits.payload_always_signed;
    const bool opaque = digests_of(*completed).opaque_etag;
    if (!enforced && !opaque && !completed->etag.empty() && !etag_expected.empty() && completed->etag != etag_expected) proof = Proof{};
    if (opaque && completed->etag.empty()) etag->clear();
    auto encrypted = check_encryption(payload.plan.encryption, completed->encryption);
    if (encrypted.has_error()) encrypted = co_await look_how_encrypted(key, payload.plan.encryption);
    if (encrypted.has_error()) co_return encrypted.error();
    co_return from_end_to_end(proof, *read);
  }
  const ErrorCode code = completed.error().code;
  if (code != ErrorCode::not_found && code != ErrorCode::precondition_failed) co_return completed.error();
  // NoSuchUpload, or something is there already: an earlier Complete may have got through, its answer lost.
  auto present = co_await destination_->head(key, "");
  if (present.has_error() && present.error().code == ErrorCode::not_found) co_return completed.error();
  if (present.has_error()) co_return present.error();
  const bool same_size = present->info.size == payload.plan.parts.object_size_bytes;
  const bool same_etag = !etag_expected.empty() && present->info.etag == etag_expected;
  const bool same_crc = proof.algorithm == "CRC64NVME" && !present->checksums.crc64nvme.empty() &&
                        hex_encode(as_bytes(base64_decode(present->checksums.crc64nvme).value_or(""))) == proof.checksum;
  if (same_size && (same_etag || same_crc)) {
    *etag = present->info.etag;
    if (code == ErrorCode::precondition_failed) {
      // Somebody else's upload of the same parts would look alike and leave ours open.
      auto aborted = co_await destination_->abort_upload(key, payload.upload_id);
      if (aborted.has_error()) co_return aborted.error();
    }
    co_return from_end_to_end(proof, *read);
  }
  co_return completed.error();
}

// Not every store says so when an upload is completed.
Async<Result<void>> ObjectCopyRunner::look_how_encrypted(std::string key, objects::Encryption asked) {
  auto present = co_await destination_->head(std::move(key), "");
  if (present.has_error()) co_return present.error();
  auto encrypted = check_encryption(asked, present->encryption);
  if (encrypted.has_error()) encryption_ignored_ = true;
  co_return encrypted;
}

// The upload cannot be completed: it is aborted, and the item planned afresh or recorded as failed.
Async<Result<engine::Finished>> ObjectCopyRunner::drop_upload(engine::JobContext& context, FinishPayload payload,
                                                              PartOutcome outcome) {
  engine::Finished finished;
  Item item = payload.plan.item;
  auto aborted = co_await destination_->abort_upload(options_.destination_key_of(item.key), payload.upload_id);
  if (aborted.has_error() && is_for_another_try(context, aborted.error())) co_return aborted.error();
  // One that cannot be aborted stays on record, and the end of the run tries again.
  if (aborted.has_value()) finished.effects.uploads_closed.push_back(payload.upload_row);
  if (outcome.changed && item.replanned < replans_max) {
    ++item.replanned;
    // A Complete that was sent may have taken effect before somebody else replaced its object.
    item.maybe_written = true;
    finished.effects.jobs.push_back(copy_job({std::move(item)}));
    co_return finished;
  }
  const Error error = outcome.error.value_or(Error{
      ErrorCode::precondition_failed, "the object changed again and again while it was being copied; run again when that has calmed down", ""});
  record_failure(item.key, item.size, error, static_cast<int>(item.replanned) + 1, clock_.now(), &finished, item.version);
  co_return finished;
}

}  // namespace dth::object_copy
