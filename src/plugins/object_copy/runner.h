#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "plugins/object_copy/copy/lost_answer.h"
#include "plugins/object_copy/job_errors.h"
#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/restore/archived.h"
#include "plugins/object_copy/scan/list_file.h"

namespace dth::object_copy {

// Executes the jobs of one object_copy run on one lane:
//   scan    lists both sides, merges them, emits copy jobs; or reads a list  (scan.cc,
//   scan_list.cc) retry   emits copy jobs of the failed items of another run (retry.cc) copy    a
//   batch of objects, each by one GET and one PUT (copy.cc) or by one CopyObject (server_side.cc);
//   or opens the
//           upload of one large object (upload.cc)
//   last    a batch of objects whose names the destination may change, when all others are written,
//   one by one  (copy_last.cc) restore a batch of archived objects: asks for them, looks whether
//   they can be read, emits copy jobs  (restore.cc) part    a stretch of a large object's parts
//   (part.cc) finish  completes the upload, proves and records the object          (finish.cc)
//   sweep   after all of these, in mode sync: finds what only the destination has, emits remove
//   jobs  (sweep.cc) remove  a batch of these (remove.cc)
// In mode verify the scan emits
//   check   a batch of objects to be compared                            (check.cc)
// Every step may be repeated; SEMANTICS.md says what that can and cannot do.
class ObjectCopyRunner final : public engine::JobRunner {
 public:
  ObjectCopyRunner(CopyOptions options, CopyTuning tuning, LaneStores stores, Executor executor,
                   Clock& clock)
      : lane_(std::move(options), tuning, std::move(stores), executor, clock) {}

  Async<Result<engine::Finished>> execute(engine::JobContext& context) override;
  state::Counts take_request_counts() override { return lane_.take_request_counts(); }
  std::vector<std::string> take_warnings() override { return lane_.take_warnings(); }
  Async<Result<void>> settle(engine::EngineServices services, std::string run) override;

 private:
  struct Batch;
  struct Attempt;
  struct Written;
  struct Transfer;
  struct Refused;
  struct Arrival;
  struct Whole;
  struct KeptLook;

  Async<Result<engine::Finished>> copy(engine::JobContext& context);
  Async<Result<engine::Finished>> copy_batch(engine::JobContext& context, std::vector<Item> items,
                                             std::size_t at_once, FoldingSet claimed = {});
  Async<Result<engine::Finished>> copy_last(engine::JobContext& context);
  Async<Result<engine::Finished>> copy_in_turn(engine::JobContext* context,
                                               std::vector<Item> items);
  Async<Result<void>> put_off_awkward_names(engine::JobContext* context, std::vector<Item>* items);
  Async<Result<FoldingSet>> claim_foldings(engine::JobContext* context,
                                           const std::vector<Item>* items);
  Async<void> try_foldings(Batch* batch, FoldingSet claimed);
  Async<void> try_folding(Batch* batch, Folding folding, FoldingSet claimed);
  Async<void> look_before_trial(Batch* batch, FoldingSet open);
  FoldingSet open_foldings(const std::string& key, FoldingSet claimed) const;
  enum class Answering { nothing, itself, another };
  Async<Result<Answering>> find_answering(std::string key);
  bool tells_folding(const Item& item, Folding folding) const;
  Async<Result<bool>> has_twin_at_source(const Item* item, FoldingSet open);
  Async<Result<void>> check_folding(Folding folding, std::string key, std::string etag,
                                    std::vector<std::string>* warnings);
  Async<Result<void>> check_untried_foldings(std::string key, std::string etag,
                                             std::vector<std::string>* warnings);
  Async<Result<void>> check_name_is_free(Attempt* attempt);
  Async<Result<void>> check_name_was_kept(std::string key, std::string etag);
  struct ListedName {
    bool exact = false;
    std::string etag;   // of that
    std::string other;  // another key of the ETag that was asked for
  };
  Async<Result<ListedName>> find_listed(std::string prefix, std::string etag);
  Async<Result<std::string>> find_made_name(std::string key, std::string etag);

  Async<Result<void>> count_looks(engine::JobContext* context);
  bool goes_unframed(const objects::StoreLimits& limits, const Attempt& attempt) const;
  Result<std::unique_ptr<KeptLook>> plan_look(Attempt* attempt, objects::PutRequest* request,
                                              bool framed);
  Result<std::unique_ptr<KeptLook>> plan_look_at(const objects::ObjectMetadata& metadata,
                                                 const objects::Tags& tags, bool in_parts,
                                                 bool framed);
  Async<Result<bool>> check_copy(Batch* batch, Attempt* attempt, KeptLook* look, std::string etag,
                                 const objects::ObjectHead* found);
  Async<Result<bool>> check_object_in_parts(engine::JobContext* context, const UploadPlan* plan,
                                            std::string etag, std::vector<std::string>* warnings);
  std::optional<Error> find_lost(const objects::ObjectMetadata& metadata, const objects::Tags& tags,
                                 bool in_parts) const;
  std::optional<Error> find_unseen(CarriedSet demanded, bool in_parts) const;
  Async<Result<bool>> find_framing(Attempt* attempt, std::uint64_t size);
  void report_kept(engine::Finished* finished);
  Async<Result<void>> wait_for_looks(KeptLook* look);
  Async<Result<bool>> check_what_was_kept(KeptLook* look, std::string key, std::string etag,
                                          std::vector<std::string>* warnings,
                                          const objects::ObjectHead* found = nullptr);
  Result<bool> settle_denied_look(KeptLook* look, const Error& error,
                                  std::vector<std::string>* warnings);
  bool is_for_parts(const Item& item) const;
  Async<void> keep_record(Batch* batch);
  Async<void> copy_from(Batch* batch);
  Async<void> copy_item(Batch* batch, std::size_t index);
  Async<Result<bool>> attempt_copy(Batch* batch, Attempt* attempt);
  Async<Result<bool>> decide(Batch* batch, Attempt* attempt);
  Async<Result<bool>> transfer(Batch* batch, Attempt* attempt, objects::GetResult* source);
  void note_etag(const StoredDigests& stored, const Proof& proof);
  ProofDoubts doubts_of(const Attempt* attempt) const;
  Async<Result<std::optional<Proof>>> look_closer(Attempt* attempt, Written written,
                                                  Result<Proof> judged);
  bool learns_from(const ProofPlan& plan, const StoredDigests& stored);
  Async<Result<Proof>> prove_otherwise(std::string key, Written written);
  Async<Result<Proof>> read_parts_back(engine::JobContext* context, const UploadPlan* plan,
                                       const std::vector<PartDone>* parts, std::string etag);
  Transfer plan_transfer(const Attempt& attempt, const objects::ObjectHead& head,
                         const objects::ObjectProperties& properties, bool is_whole);
  objects::PutRequest request_of(Attempt* attempt, const Transfer& transfer,
                                 objects::ObjectHead* head, objects::ObjectProperties properties,
                                 const std::optional<Digest>& computed);
  Async<Result<bool>> settle_refusal(Batch* batch, Attempt* attempt, objects::GetResult* source,
                                     const Refused* refused);
  std::optional<Result<bool>> try_settle_copy(Batch* batch, Attempt* attempt,
                                              const Arrival& arrival);
  Async<Result<bool>> settle_copy(Batch* batch, Attempt* attempt, Arrival arrival);
  Async<Result<bool>> settle_within(Batch* batch, Attempt* attempt, objects::PutResult stored,
                                    Proof proof, objects::Encryption encryption);
  Async<Result<bool>> settle_found(Batch* batch, Attempt* attempt,
                                   const objects::ObjectInfo* source, Proof proof,
                                   const objects::ObjectHead* found, objects::Encryption encryption,
                                   KeptLook* look);
  void record_arrival(Batch* batch, Attempt* attempt, const Arrival& arrival);
  Async<Result<bool>> look_for_lost(Batch* batch, Attempt* attempt,
                                    const objects::ObjectInfo* source, LostWrite write,
                                    const Refused* refused);
  Async<Result<bool>> resolve_conflict(Batch* batch, Attempt* attempt, objects::ObjectHead source,
                                       objects::Encryption encryption, KeptLook* look);

  std::optional<Result<objects::ObjectProperties>> try_properties_for(
      const objects::ObjectStore& source, const objects::ObjectHead& head) const;
  Result<objects::ObjectProperties> properties_with(objects::Tags tags,
                                                    const objects::ObjectHead& head) const;
  Async<Result<objects::ObjectProperties>> properties_for(objects::ObjectStore* source,
                                                          const Item* item,
                                                          const objects::ObjectHead* head);
  bool copies_within(const Item& item) const;
  bool copies_parts_within(const Item& item, const objects::ObjectHead& source) const;
  Async<Result<bool>> copy_within(Batch* batch, Attempt* attempt);
  Async<Result<bool>> find_what_changed(Batch* batch, Attempt* attempt, Error refusal,
                                        objects::Encryption encryption);
  Async<Result<Proof>> prove_within(Item item, objects::Checksums source,
                                    objects::PutResult stored);
  bool look_again(Attempt* attempt, const objects::ObjectHead& now) const;
  static Result<bool> ended_by(Attempt* attempt, const Error& error);
  Async<Result<bool>> settle_absence(Attempt* attempt, Error refusal);
  Async<Result<bool>> was_written_meanwhile(std::string key, std::string etag);
  void learn_from_copy(const std::string& source_etag, const objects::PutResult& stored);

  Async<Result<engine::Finished>> begin_upload(engine::JobContext& context, Item item);
  struct Opening;
  Async<Result<bool>> look_at_large(engine::JobContext* context, Opening* opening);
  Async<Result<bool>> plan_upload(engine::JobContext* context, Opening* opening);
  Async<Result<bool>> find_other_uploads(engine::JobContext* context, Opening* opening);
  Async<Result<void>> open_upload(engine::JobContext* context, Opening* opening);
  Async<Result<void>> abort_open_uploads(engine::EngineServices services, std::string run,
                                         std::string destination_key, bool last);
  Async<Result<std::vector<std::string>>> find_open_uploads(std::vector<state::Upload> rows);
  Async<Result<engine::Finished>> part(engine::JobContext& context);
  Async<void> copy_parts(engine::JobContext* context, PartPayload* payload, PartOutcome* outcome,
                         std::vector<std::uint32_t>* todo);
  Async<Result<void>> copy_part(engine::JobContext* context, const PartPayload* payload,
                                std::uint32_t number, PartOutcome* outcome);
  struct PartTry;
  Async<Result<PartDone>> try_part(engine::JobContext* context, const PartPayload* payload,
                                   std::uint32_t number, PartTry* known);
  Async<Error> find_part_framing(const PartPayload* payload, std::uint32_t number, PartTry* known,
                                 Error damage);
  Async<Result<PartDone>> transfer_part(engine::JobContext* context, const PartPayload* payload,
                                        std::uint32_t number, PartTry* known);
  static Error refused_part(const Error& refusal, bool may_need_digest, PartTry* known);
  Async<Result<PartDone>> copy_part_within(engine::JobContext* context, const PartPayload* payload,
                                           std::uint32_t number);
  Async<Result<engine::Finished>> finish(engine::JobContext& context);
  Async<Result<void>> plan_after_refusal(engine::JobContext* context, FinishPayload* payload,
                                         PartOutcome* outcome, Error error, std::string etag);
  struct Completed;
  Async<Result<Proof>> complete(engine::JobContext* context, const FinishPayload& payload,
                                const std::vector<PartDone>& parts, Completed* completed);
  Async<Result<CompletedUpload>> complete_and_look(objects::CompleteUploadRequest request,
                                                   LostWrite write);
  Async<Result<CompletedUpload>> complete_once(const objects::CompleteUploadRequest* request,
                                               const LostWrite* write, bool* lost);
  Async<Result<Proof>> find_completed(engine::JobContext* context, const FinishPayload* payload,
                                      const std::vector<PartDone>* parts, Whole whole,
                                      Error refusal, std::string* etag);
  static Result<Proof> judge_whole(const Whole& whole, const StoredDigests& answered, bool within);
  void end_otherwise(Item item, const std::string& etag, const Result<bool>& kept,
                     engine::Finished* finished);
  Async<Result<void>> check_size_of_whole(std::string key, std::uint64_t size);
  Async<Result<void>> look_how_encrypted(std::string key, objects::Encryption asked);
  Async<Result<engine::Finished>> drop_upload(engine::JobContext& context, FinishPayload payload,
                                              PartOutcome outcome);

  LaneContext lane_;
};

}  // namespace dth::object_copy
