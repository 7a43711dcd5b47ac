#pragma once

#include <string>
#include <vector>

#include "plugins/object_copy/copy/lost_answer.h"
#include "plugins/object_copy/copy/unverified_copy.h"
#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// Of these, because the bytes were damaged: reading a large object costs what it costs.
inline constexpr std::uint32_t replans_after_damage_max = 2;

// Completes an upload, and proves the object that it became.
class UploadCompletion {
 public:
  explicit UploadCompletion(LaneContext& lane) : lane_(lane), unverified_(lane) {}

  // What became of the upload.
  struct Completed {
    std::string etag;          // of the object; empty: unknown
    bool may_be_open = false;  // an object like it was found, and the upload could not be aborted
  };

  // Completes the upload, or finds that an earlier try already had. not_found: neither.
  Async<Result<Proof>> complete(engine::JobContext* context, const FinishPayload& payload,
                                const std::vector<PartDone>& parts, Completed* end);

 private:
  struct Whole;

  Async<Result<CompletedUpload>> complete_and_look(objects::CompleteUploadRequest request,
                                                   LostWrite write);
  Async<Result<CompletedUpload>> complete_once(const objects::CompleteUploadRequest* request,
                                               const LostWrite* write, bool* lost);
  Async<Result<Proof>> find_completed(engine::JobContext* context, const FinishPayload* payload,
                                      const std::vector<PartDone>* parts, Whole whole,
                                      Error refusal, std::string* etag);
  static Result<Proof> judge_whole(const Whole& whole, const StoredDigests& answered, bool within);
  Async<Result<void>> look_how_encrypted(std::string key, objects::Encryption asked);

  LaneContext& lane_;
  UnverifiedCopy unverified_;
};

}  // namespace dth::object_copy
