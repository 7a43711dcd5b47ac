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
  return {state::Counter::proof_computed,
          parts.front().algorithm.empty() ? "SHA256" : parts.front().algorithm, ""};
}

Proof proof_of_crc(const Digest& crc, bool within) {
  return {within ? state::Counter::proof_declared : state::Counter::proof_computed, "CRC64NVME",
          crc.hex()};
}

std::string etag_of(const std::vector<PartDone>& parts) {
  std::vector<std::string> md5s;
  for (const PartDone& part : parts) md5s.push_back(part.etag);
  return multipart_etag(md5s);
}

// The destination holds what was read (`written`), and that is what the source states.
Proof from_end_to_end(const Proof& written, const std::optional<Proof>& read) {
  return written.kind == state::Counter::proof_none ? written : read.value_or(written);
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

}  // namespace

// What is known of an object in parts before it is completed.
struct ObjectCopyRunner::Whole {
  Proof proof;       // what the parts' answers came to
  Digest crc;        // its CRC64NVME, which is stated with Complete; empty: none
  std::string etag;  // the one that it must have; empty: unknown
};

// What became of the upload.
struct ObjectCopyRunner::Completed {
  std::string etag;          // of the object; empty: unknown
  bool may_be_open = false;  // an object like it was found, and the upload could not be aborted
};

// What the destination answered to Complete.
Result<Proof> ObjectCopyRunner::judge_whole(const Whole& whole, const StoredDigests& answered,
                                            bool within) {
  const std::string& stated = answered.checksums.crc64nvme;
  const bool states_crc = !whole.crc.empty() && !stated.empty() && !answered.checksums.composite;
  if (states_crc && stated != whole.crc.base64()) return judge_checksum(whole.crc.base64(), stated);
  const bool comparable = !whole.etag.empty() && !answered.opaque_etag && !answered.etag.empty();
  // The parts' ETags may be others than MD5s where encryption is not told of: then nothing is
  // proved by them.
  if (comparable && !is_same_etag(answered.etag, whole.etag)) return Proof{};
  return states_crc ? proof_of_crc(whole.crc, within) : whole.proof;
}

Async<Result<engine::Finished>> ObjectCopyRunner::finish(engine::JobContext& context) {
  auto payload = parse_finish_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  const state::GroupId group = context.job().group.value_or(0);
  auto results =
      co_await context.with_state([&](state::State& state) { return state.group_results(group); });
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
  Completed completed;
  const std::string& etag = completed.etag;
  auto proof = co_await complete(&context, *payload, outcome->done, &completed);
  if (proof.has_error()) {
    auto planned = co_await plan_after_refusal(&context, &*payload, &*outcome, proof.error(), etag);
    if (planned.has_error()) co_return planned.error();
    co_return co_await drop_upload(context, std::move(*payload), std::move(*outcome));
  }
  if (lane_.stores.source.limits().looks_are_local) {
    auto written = co_await was_written_meanwhile(item.key, payload->plan.source_etag);
    if (written.has_error() && is_for_another_try(context, written.error()))
      co_return written.error();
    if (written.has_value() && *written) {
      outcome->changed = true;
      payload->plan.item.set_destination(etag);
      co_return co_await drop_upload(context, std::move(*payload), std::move(*outcome));
    }
  }
  engine::Finished finished;
  auto kept =
      co_await check_object_in_parts(&context, &payload->plan, etag, &finished.effects.warnings);
  report_kept(&finished);
  if (kept.has_error() && is_for_another_try(context, kept.error())) co_return kept.error();
  // One that may be open stays on record, and the end of the run tries again.
  if (!completed.may_be_open) finished.effects.uploads_closed.push_back(payload->upload_row);
  if (kept.has_error() || !*kept) {
    end_otherwise(payload->plan.item, etag, kept, &finished);
    co_return finished;
  }
  objects::ObjectInfo source;
  source.key = item.key;
  source.size = payload->plan.parts.object_size_bytes;
  source.etag = payload->plan.source_etag;
  source.version_id = item.version;
  record_copied(lane_.options, source, {etag, "", {}, {}}, *proof,
                {payload->plan.read_from, lane_.clock.now()}, &finished);
  co_return finished;
}

// The upload was not completed, or what it made is not right: whether the object is sent again.
// Fails where this job is to be tried again.
Async<Result<void>> ObjectCopyRunner::plan_after_refusal(engine::JobContext* context,
                                                         FinishPayload* payload,
                                                         PartOutcome* outcome, Error error,
                                                         std::string etag) {
  Item& item = payload->plan.item;
  if (is_for_another_try(*context, error)) co_return error;
  outcome->error = error;
  // The upload is gone, or what it was to replace is, and the destination is not what it would have
  // made: begin again.
  outcome->changed =
      error.code == ErrorCode::not_found && error.reason != ErrorReason::unconfirmed_absence;
  // A part that was sent twice, because an answer was lost, may stand there under the ETag of the
  // other time.
  outcome->changed |=
      error.reason == ErrorReason::part_missing && item.replanned < replans_after_damage_max;
  // Bytes that were damaged on the way may come whole the next time.
  outcome->changed |=
      error.code == ErrorCode::data_corrupted && item.replanned < replans_after_damage_max;
  // What was completed is ours, and is replaced.
  if (!etag.empty()) item.set_destination(etag);
  // The destination is not as it was listed, and an earlier attempt of ours may be why: it may be
  // replaced.
  const bool ours = error.code == ErrorCode::precondition_failed && item.maybe_written;
  if (ours || error.code == ErrorCode::not_found) {
    auto present = co_await lane_.destination->head(lane_.options.destination_key_of(item.key), "");
    if (present.has_value() && ours) {
      item.set_destination(present->info.etag);
      outcome->changed = true;
    } else if (present.has_error() && present.error().code == ErrorCode::not_found) {
      item.set_destination_absent();
      outcome->changed = true;
    } else if (present.has_error() && is_for_another_try(*context, present.error())) {
      co_return present.error();
    }
  }
  co_return Result<void>();
}

// The upload is complete, and the object is not as it was sent: it is sent again, or recorded as
// failed.
void ObjectCopyRunner::end_otherwise(Item item, const std::string& etag, const Result<bool>& kept,
                                     engine::Finished* finished) {
  if (kept.has_value() && item.replanned < replans_max) {
    ++item.replanned;
    item.maybe_written = true;
    item.set_destination(etag);
    finished->effects.jobs.push_back(copy_job({std::move(item)}));
    return;
  }
  const Error error = kept.has_error() ? kept.error()
                                       : Error{ErrorCode::unsupported,
                                               "the destination keeps another encoding than the "
                                               "object was sent with. Copy to another destination",
                                               ""};
  record_failure(item.key, item.size, error, static_cast<int>(item.replanned) + 1,
                 lane_.clock.now(), finished, item.version);
}

// Completes the upload, or finds that an earlier try already had. not_found: neither.
Async<Result<Proof>> ObjectCopyRunner::complete(engine::JobContext* context,
                                                const FinishPayload& payload,
                                                const std::vector<PartDone>& parts,
                                                Completed* end) {
  auto read = judge_read_parts(payload.plan, parts);
  if (read.has_error()) co_return read.error();
  const objects::StoreLimits& limits = lane_.stores.destination.limits();
  objects::CompleteUploadRequest request;
  request.key = lane_.options.destination_key_of(payload.plan.item.key);
  request.upload_id = payload.upload_id;
  for (const PartDone& part : parts) {
    request.parts.push_back(
        {part.number, part.etag,
         part.stated && part.algorithm == "CRC64NVME" ? digest_of_hex(part.digest).base64() : ""});
  }
  if (limits.conditional_complete) {
    request.precondition.if_absent = payload.plan.item.destination_etag.empty();
    request.precondition.if_match = payload.plan.item.destination_etag;
  }
  Whole whole;
  whole.proof = proof_of_parts(parts);
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
  if (are_md5s) write.parts_etag = etag_of(parts);
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
  const bool unverified = judged->kind == state::Counter::proof_none;
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
  if (unverified && !payload.plan.within && !limits.keeps_what_is_sent) {
    auto whole_there = co_await check_size_of_whole(key, payload.plan.parts.object_size_bytes);
    if (whole_there.has_error()) co_return whole_there.error();
  }
  if (unverified && lane_.options.unverified == UnverifiedRule::read_back) {
    judged = co_await read_parts_back(context, &payload.plan, &parts, completed->etag);
    if (judged.has_error()) co_return judged.error();
  }
  co_return from_end_to_end(*judged, *read);
}

// After a refusal: the upload is gone, or something is there already, and an earlier Complete may
// have got through, its answer lost. The refusal where what is there is not that.
Async<Result<Proof>> ObjectCopyRunner::find_completed(engine::JobContext* context,
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
    auto back = co_await read_parts_back(context, &plan, parts, present->info.etag);
    if (back.has_error() && back.error().code != ErrorCode::data_corrupted) co_return back.error();
    if (back.has_error() || back->kind == state::Counter::proof_none) co_return refusal;
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
Async<Result<void>> ObjectCopyRunner::look_how_encrypted(std::string key,
                                                         objects::Encryption asked) {
  auto present = co_await lane_.destination->head(std::move(key), "");
  if (present.has_error()) co_return present.error();
  auto encrypted = check_encryption(asked, present->encryption);
  if (encrypted.has_error()) lane_.kept->answers.encryption_ignored = true;
  co_return encrypted;
}

// The upload cannot be completed: it is aborted, and the item planned afresh or recorded as failed.
Async<Result<engine::Finished>> ObjectCopyRunner::drop_upload(engine::JobContext& context,
                                                              FinishPayload payload,
                                                              PartOutcome outcome) {
  engine::Finished finished;
  Item item = payload.plan.item;
  auto aborted = co_await lane_.destination->abort_upload(
      lane_.options.destination_key_of(item.key), payload.upload_id);
  if (aborted.has_error() && is_for_another_try(context, aborted.error()))
    co_return aborted.error();
  // One that cannot be aborted stays on record, and the end of the run tries again.
  if (aborted.has_value()) finished.effects.uploads_closed.push_back(payload.upload_row);
  if (outcome.changed && item.replanned < replans_max) {
    ++item.replanned;
    // A Complete that was sent may have taken effect before somebody else replaced its object.
    item.maybe_written = true;
    finished.effects.jobs.push_back(copy_job({std::move(item)}));
    co_return finished;
  }
  const Error error =
      outcome.error.value_or(Error{ErrorCode::precondition_failed,
                                   "the object changed again and again while it was being copied; "
                                   "run again when that has calmed down",
                                   ""});
  record_failure(item.key, item.size, error, static_cast<int>(item.replanned) + 1,
                 lane_.clock.now(), &finished, item.version);
  co_return finished;
}

}  // namespace dth::object_copy
