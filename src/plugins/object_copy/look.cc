#include "plugins/object_copy/absence.h"
#include "plugins/object_copy/computed_digest.h"
#include "plugins/object_copy/runner.h"
#include "plugins/object_copy/scan_step.h"

namespace dth::object_copy {

namespace {

// What was replaced or removed between the look at it and its reading is looked at again.
Error changed_under_us(Error error) {
  if (error.code == ErrorCode::precondition_failed || error.code == ErrorCode::not_found) error.code = ErrorCode::unavailable;
  return error;
}

}  // namespace

// Asks both sides for an item that a list names, that failed in another run, or of which the listings do not tell whether
// it is the same. What is learnt goes into `item`. An item that cannot be copied is an error.
Async<Result<ObjectCopyRunner::Looked>> ObjectCopyRunner::look_at(Item* item, objects::ObjectInfo* source) {
  auto head = co_await head_for_certain(&stores_.source, item->key, item->version);
  if (head.has_error()) {
    if (!says_no_such_object(head.error())) co_return head.error();
    const bool listed = item->named && options_.list == SourceList::object_file;
    if (!listed) co_return Looked::vanished;
    co_return Error{ErrorCode::not_found,
                    std::string("the list names this object, but the source has none of this key") + (item->version.empty() ? "" : " and version"),
                    item->version.empty() ? "" : "version " + item->version};
  }
  head->info.key = item->key;
  *source = head->info;
  const objects::ObjectInfo& info = *source;
  item->size = info.size.value();
  item->etag = info.etag;
  item->modified = info.last_modified;
  if (item->named && !options_.selection.takes_properties(info)) co_return Looked::left_out;
  auto present = co_await stores_.destination.head(options_.destination_key_of(item->key), "");
  if (present.has_error()) {
    auto gone = co_await confirm_absence_of_destination(options_.destination_key_of(item->key), std::move(present.error()));
    if (gone.has_error()) co_return gone.error();
  }
  const bool there = present.has_value();
  item->destination_etag = there ? present->info.etag : "";
  Verdict verdict = compare(options_.comparison, info, there ? &present->info : nullptr);
  if (verdict == Verdict::ask) {
    const StatedSide ours{stores_.source, item->key, &*head};
    const StatedSide theirs{stores_.destination, options_.destination_key_of(item->key), &*present};
    auto stated = co_await compute_digests(ours, theirs, options_.part_size_bytes);
    if (stated.has_error()) co_return changed_under_us(stated.error());
    verdict = have_same_digest(*head, *present) ? Verdict::skip : Verdict::copy;
  }
  if (verdict == Verdict::skip) co_return Looked::same;
  if (options_.archived == ArchivedRule::skip && is_archived(info.storage_class)) co_return Looked::archived;
  if (auto problem = find_problem(options_, stores_.destination.limits(), info)) co_return *problem;
  co_return goes_for_restore(*item) && has_to_be_restored(*head) ? Looked::to_restore : Looked::to_copy;
}

// The destination was asked for an object and has none. Where the PUT is conditional, that is confirmed by it; where not, the
// absence decides whether something is replaced that the rules would leave alone.
Async<Result<bool>> ObjectCopyRunner::confirm_absence_of_destination(std::string key, Error refusal) {
  if (!may_mean_no_such_object(refusal)) co_return refusal;
  const bool may_spare = options_.comparison.mode == CompareMode::missing || options_.comparison.newer_only;
  if (stores_.destination.limits().conditional_put || !may_spare) co_return true;
  co_return co_await confirm_absence(destination_.get(), std::move(key), "", std::move(refusal));
}

}  // namespace dth::object_copy
