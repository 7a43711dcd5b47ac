#include "plugins/object_copy/multipart/begin_upload.h"

#include <algorithm>

#include "objects/etag.h"
#include "plugins/object_copy/copy/absence.h"
#include "plugins/object_copy/copy/copy_properties.h"
#include "plugins/object_copy/copy/copy_way.h"
#include "plugins/object_copy/copy/kept_checks.h"
#include "plugins/object_copy/job_errors.h"
#include "plugins/object_copy/multipart/open_uploads.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/restore/archived.h"
#include "plugins/object_copy/rules/comparison.h"

namespace dth::object_copy {
namespace {

// Part jobs of about `bytes_wanted` each.
std::vector<state::NewJob> part_jobs(const PartPayload& whole, std::uint64_t bytes_wanted) {
  const PartPlan& parts = whole.plan.parts;
  const auto per_job =
      static_cast<std::uint32_t>(std::max<std::uint64_t>(1, bytes_wanted / parts.part_size_bytes));
  std::vector<state::NewJob> jobs;
  for (std::uint32_t first = 1; first <= parts.part_count; first += per_job) {
    PartPayload payload = whole;
    payload.first = first;
    payload.last = std::min(parts.part_count, first + per_job - 1);
    state::NewJob job;
    job.kind = kind_part;
    job.payload = to_json(payload);
    job.priority = 1;  // what is begun is finished first: fewer uploads stay open
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace

// An upload that is being opened.
struct BeginUpload::Opening {
  UploadPlan plan;  // from the start: its item
  objects::ObjectHead head = {};
  objects::Reported<TimePoint> modified = {};
  objects::ObjectProperties properties = {};
  engine::Finished finished = {};  // what the job has come to
};

Async<Result<engine::Finished>> BeginUpload::run(engine::JobContext& context, Item item) {
  // What is begun is finished first: else every large object of a run would have its upload open at
  // once.
  auto room = co_await context.wait_for_fewer_jobs(kind_part, lane_.tuning.backlog_part_jobs_max);
  if (room.has_error()) co_return room.error();
  Opening opening;
  opening.plan.item = std::move(item);
  opening.plan.read_from = lane_.clock.now();
  auto goes_on = co_await inspect_source(&context, &opening);
  if (goes_on.has_value() && *goes_on) goes_on = co_await plan_upload(&context, &opening);
  if (goes_on.has_value() && *goes_on) goes_on = co_await find_other_uploads(&context, &opening);
  if (goes_on.has_error()) co_return goes_on.error();
  if (!*goes_on) co_return std::move(opening.finished);
  auto opened = co_await open_upload(&context, &opening);
  if (opened.has_error()) co_return opened.error();
  co_return std::move(opening.finished);
}

// What is there now. False: no upload is to be opened, and `finished` says what became of the item;
// the same of the next two.
Async<Result<bool>> BeginUpload::inspect_source(engine::JobContext* context, Opening* opening) {
  Item& item = opening->plan.item;
  auto looked = co_await head_for_certain(lane_.source.get(), item.key, item.version, item.etag);
  if (looked.has_error()) {
    if (is_for_another_try(*context, looked.error())) co_return looked.error();
    if (says_no_such_object(looked.error())) {
      record_deleted_at_source(item, lane_.clock.now(), &opening->finished);
    } else {
      record_failure(item.key, item.size, looked.error(), context->job().attempts,
                     lane_.clock.now(), &opening->finished, item.version);
    }
    co_return false;
  }
  opening->head = std::move(*looked);
  // HEAD reports whole seconds, listings often more.
  const bool as_listed =
      item.etag == opening->head.info.etag &&
      are_same_time(item.modified, opening->head.info.last_modified, std::chrono::microseconds(1));
  opening->modified = as_listed ? item.modified : opening->head.info.last_modified;
  item.size = opening->head.info.size.value();
  // One that differs in its case, or by what a proxy put behind it, stays as it was listed: so the
  // store knows it.
  if (!is_same_etag(item.etag, opening->head.info.etag)) item.etag = opening->head.info.etag;
  if (goes_for_restore(lane_.options, item) && has_to_be_restored(opening->head)) {
    opening->finished.effects.jobs.push_back(restore_job({{std::move(item)}, {}}));
    co_return false;
  }
  if (item.size <= lane_.options.multipart_threshold_bytes || can_copy_server_side(lane_, item)) {
    opening->finished.effects.jobs.push_back(copy_job({std::move(item)}));
    co_return false;
  }
  co_return true;
}

Async<Result<bool>> BeginUpload::plan_upload(engine::JobContext* context, Opening* opening) {
  UploadPlan& plan = opening->plan;
  Item& item = plan.item;
  auto parts =
      plan_parts(item.size, lane_.options.part_size_bytes, lane_.stores.destination.limits());
  if (parts.has_error()) {
    record_failure(item.key, item.size, parts.error(), 1, lane_.clock.now(), &opening->finished,
                   item.version);
    co_return false;
  }
  opening->head.info.key = item.key;
  if (opening->head.metadata_missing > 0) lane_.metadata_missing = true;
  auto found = co_await CopyProperties(lane_).find(lane_.source.get(), &item, &opening->head);
  if (found.has_error()) {
    if (is_for_another_try(*context, found.error())) co_return found.error();
    record_failure(item.key, item.size, found.error(), 1, lane_.clock.now(), &opening->finished,
                   item.version);
    co_return false;
  }
  opening->properties = std::move(*found);
  const objects::ObjectProperties& properties = opening->properties;
  if (!lane_.stores.destination.limits().uploads_as_asked &&
      (!properties.tags.empty() || properties.lock.any())) {
    if (item.size <= lane_.stores.destination.limits().put_size_max) {
      item.way = CopyWay::single_put;
      opening->finished.effects.jobs.push_back(copy_job({std::move(item)}));
      co_return false;
    }
    const Error error{ErrorCode::unsupported,
                      "the destination keeps neither tags nor locks of objects that come in parts, "
                      "and this one is too large "
                      "for one request; copy it without (--tags none, --object-lock none)",
                      ""};
    record_failure(item.key, item.size, error, 1, lane_.clock.now(), &opening->finished,
                   item.version);
    co_return false;
  }
  plan.metadata = metadata_of_copy(lane_.options.at_destination, opening->head.metadata);
  if (auto lost = KeptChecks(lane_).find_lost(plan.metadata, properties.tags, true)) {
    record_failure(item.key, item.size, *lost, 0, lane_.clock.now(), &opening->finished,
                   item.version);
    co_return false;
  }
  plan.encryption = properties.encryption;
  plan.digest_ahead = properties.lock.any();
  plan.parts = *parts;
  plan.source_etag = item.etag;
  plan.within = can_copy_parts_server_side(lane_, item, opening->head);
  if (!opening->head.checksums.composite) {
    plan.source_checksums.crc64nvme = opening->head.checksums.crc64nvme;
    plan.source_checksums.crc32c = opening->head.checksums.crc32c;
    plan.source_checksums.crc32 = opening->head.checksums.crc32;
  }
  co_return true;
}

// Those that are open already, no matter whose. Those of earlier attempts of this job are
// aborted.
Async<Result<bool>> BeginUpload::find_other_uploads(engine::JobContext* context, Opening* opening) {
  const Item& item = opening->plan.item;
  const std::string key = lane_.options.destination_key_of(item.key);
  if (context->attempted_before()) {
    auto cleared =
        co_await OpenUploads(lane_).abort(context->services(), context->job().run, key, false);
    if (cleared.has_error()) {
      if (is_for_another_try(*context, cleared.error())) co_return cleared.error();
      record_failure(item.key, item.size, cleared.error(), context->job().attempts,
                     lane_.clock.now(), &opening->finished, item.version);
      co_return false;
    }
  }
  auto open = co_await lane_.destination->list_uploads(key);
  if (open.has_error() && !may_not_list_uploads(open.error())) {
    if (is_for_another_try(*context, open.error())) co_return open.error();
    record_failure(item.key, item.size, open.error(), context->job().attempts, lane_.clock.now(),
                   &opening->finished, item.version);
    co_return false;
  }
  if (open.has_value()) {
    for (const objects::UploadInfo& other : *open) opening->plan.others.push_back(other.upload_id);
  }
  co_return true;
}

// The intent is on record before the upload is created, and its id before a part is sent.
Async<Result<void>> BeginUpload::open_upload(engine::JobContext* context, Opening* opening) {
  UploadPlan& plan = opening->plan;
  const std::string key = lane_.options.destination_key_of(plan.item.key);
  const state::Lease lease = context->job().lease;
  const state::NewUpload intent{key, to_json(plan)};
  const TimePoint now = lane_.clock.now();
  auto row = co_await context->with_state([&](state::State& state) {
    return state.uploads().record_upload_intent(lease, intent, now);
  });
  if (row.has_error()) co_return row.error();
  if (!context->may_start()) co_return cancelled_error();
  objects::CreateUploadRequest create;
  create.key = key;
  create.metadata = plan.metadata;
  create.properties = std::move(opening->properties);
  create.modified = opening->modified;
  if (lane_.stores.destination.limits().keeps_origins)
    create.origin = {opening->head.info.etag, opening->modified, plan.read_from};
  create.size = plan.item.size;
  create.part_size = plan.parts.part_size_bytes;
  const ProofPlan proof =
      plan_part_proof(lane_.stores.destination.limits(), lane_.answers.doubts(false));
  const bool announces =
      proof.compute == HashAlgorithm::crc64nvme && !lane_.kept->answers.parts_need_checksums;
  if (announces) create.full_object_checksum = proof.compute;
  auto upload_id = co_await lane_.destination->create_upload(std::move(create));
  if (upload_id.has_error()) {
    // Whether it was created may be open; another try of this job, or the end of the run, clears up
    // what the intent may have left.
    if (is_for_another_try(*context, upload_id.error())) co_return upload_id.error();
    if (!is_retryable(upload_id.error().code))
      opening->finished.effects.uploads_closed.push_back(*row);
    record_failure(plan.item.key, plan.item.size, upload_id.error(), context->job().attempts,
                   lane_.clock.now(), &opening->finished, plan.item.version);
    co_return Result<void>();
  }
  auto recorded = co_await context->with_state([&](state::State& state) {
    return state.uploads().record_upload_created(lease, *row, *upload_id);
  });
  if (recorded.has_error()) {
    // Nobody will know of this upload: it must go.
    auto ignored = co_await lane_.destination->abort_upload(key, *upload_id);
    (void)ignored.has_error();
    co_return recorded.error();
  }

  // The store may have refused to hear of a checksum just now. Other lanes have not learnt that.
  plan.unannounced = proof.compute == HashAlgorithm::crc64nvme &&
                     !(announces && lane_.stores.destination.limits().enforces_checksums);
  PartPayload whole;
  whole.upload_row = *row;
  whole.upload_id = *upload_id;
  whole.plan = plan;
  whole.plan.others.clear();  // only who looks for a lost upload asks for these, and there may be
                              // thousands of parts
  state::NewGroup group;
  group.members = part_jobs(whole, lane_.tuning.part_job_bytes);
  group.continuation.kind = kind_finish;
  group.continuation.payload = to_json(FinishPayload{*row, *upload_id, whole.plan});
  group.continuation.priority = 2;
  opening->finished.effects.groups.push_back(std::move(group));
  co_return Result<void>();
}

}  // namespace dth::object_copy
