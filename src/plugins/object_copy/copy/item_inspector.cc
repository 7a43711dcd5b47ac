#include "plugins/object_copy/copy/item_inspector.h"

#include "objects/etag.h"
#include "plugins/object_copy/copy/absence.h"
#include "plugins/object_copy/copy/computed_digest.h"
#include "plugins/object_copy/restore/archived.h"
#include "plugins/object_copy/rules/copy_problem.h"

namespace dth::object_copy {

// Objects that listings do not tell enough about.

namespace {

// Do the times show that the source was written after the destination, or nothing at all?
bool are_times_against(const objects::ObjectInfo& source, const objects::ObjectInfo& destination,
                       TimePoint now) {
  const auto from = source.written_at();
  const bool to_come = from > objects::Reported<TimePoint>(now);
  return !to_come && !(destination.written_at() >= from);
}

Error named_and_missing(const Item& item) {
  return Error{ErrorCode::not_found,
               std::string("the list names this object, but the source has none of this key") +
                   (item.version.empty() ? "" : " and version"),
               item.version.empty() ? "" : "version " + item.version};
}

Error cannot_tell_time() {
  return Error{ErrorCode::unsupported,
               "the source does not report when the object was modified, so --modified-after and "
               "--modified-before cannot be applied; copy it without them",
               ""};
}

// What was replaced or removed between the look at it and its reading is looked at again.
Error changed_under_us(Error error) {
  if (error.code == ErrorCode::precondition_failed || error.code == ErrorCode::not_found)
    error.code = ErrorCode::unavailable;
  return error;
}

}  // namespace

// Asks both sides for an item that a list names, that failed in another run, or of which the
// listings do not tell whether it is the same. What is learnt goes into `item`. An item that cannot
// be copied is an error.
Async<Result<ItemVerdict>> ItemInspector::inspect_item(Item* item, objects::ObjectInfo* source) {
  if (!item->for_its_etags || lane_.etags.seen_plain())
    co_return co_await inspect_by_heads(item, source);
  auto turn = co_await lane_.etag_learner.pair_gate().acquire(1);
  if (turn.has_error()) co_return turn.error();
  auto looked = co_await inspect_by_heads(item, source);
  lane_.etag_learner.pair_gate().release(
      1);  // by hand: where a process ends, its coroutines may outlive the gate
  co_return looked;
}

Async<Result<ItemVerdict>> ItemInspector::inspect_by_heads(Item* item,
                                                           objects::ObjectInfo* source) {
  const bool listed_etags_differ = item->for_its_etags;
  if (listed_etags_differ && !lane_.etags.comparable()) co_return ItemVerdict::same;
  // What a list names and the source does not have is a failure, whatever answered: certainty would
  // cost one more request.
  const bool by_list =
      item->state == ItemState::named && lane_.options.list == SourceList::object_file;
  Result<objects::ObjectHead> head = Error{};
  if (by_list) {
    head = co_await lane_.stores.source.head(item->key, item->version);
  } else {
    head = co_await head_for_certain(&lane_.stores.source, item->key, item->version, item->etag);
  }
  if (head.has_error()) {
    const bool missing =
        by_list ? may_mean_no_such_object(head.error()) : says_no_such_object(head.error());
    if (!missing) co_return head.error();
    if (!by_list) co_return ItemVerdict::deleted_at_source;
    co_return named_and_missing(*item);
  }
  head->info.key = item->key;
  const bool source_as_listed = listed_etags_differ && head->info.etag == item->etag;
  // HEAD reports whole seconds, listings often more.
  if (source_as_listed &&
      are_same_time(item->modified, head->info.last_modified, std::chrono::microseconds(1)))
    head->info.last_modified = item->modified;
  *source = head->info;
  const objects::ObjectInfo& info = *source;
  item->size = info.size.value();
  item->etag = info.etag;
  item->modified = info.last_modified;
  if (item->state == ItemState::named && !lane_.options.selection.can_tell(info)) {
    co_return cannot_tell_time();
  }
  if (item->state == ItemState::named && !lane_.options.selection.takes_properties(info))
    co_return ItemVerdict::left_out;
  if (source_as_listed && hides_md5(*head)) {
    lane_.etags.note_encrypted();
    co_return ItemVerdict::same;
  }
  auto present =
      co_await lane_.stores.destination.head(lane_.options.destination_key_of(item->key), "");
  if (present.has_error()) {
    auto gone = co_await confirm_absence_of_destination(lane_.options.destination_key_of(item->key),
                                                        std::move(present.error()));
    if (gone.has_error()) co_return gone.error();
  }
  const bool there = present.has_value();
  const bool as_listed = source_as_listed && there && present->info.etag == item->destination_etag;
  there ? item->set_destination(present->info.etag) : item->set_destination_absent();
  Verdict verdict = Verdict::ask_about_etags;
  if (!as_listed)
    verdict = compare(lane_.options.comparison, info, there ? &present->info : nullptr,
                      lane_.clock.now());
  item->for_its_etags = verdict == Verdict::ask_about_etags;
  if (verdict == Verdict::ask || verdict == Verdict::ask_about_etags) {
    if (lane_.options.comparison.mode == CompareMode::checksum) {
      const StatedSide ours{lane_.stores.source, item->key, &*head};
      const StatedSide theirs{lane_.stores.destination, lane_.options.destination_key_of(item->key),
                              &*present};
      auto stated = co_await compute_digests(ours, theirs, lane_.options.part_size_bytes);
      if (stated.has_error()) co_return changed_under_us(stated.error());
    }
    auto changed = co_await is_changed(item, &*head, &*present, verdict);
    if (changed.has_error()) co_return changed.error();
    verdict = *changed ? Verdict::copy : Verdict::skip;
  }
  if (verdict == Verdict::skip) co_return ItemVerdict::same;
  if (lane_.options.archived == ArchivedRule::skip && is_archived(info.storage_class))
    co_return ItemVerdict::archived;
  if (auto problem = find_problem(lane_.options, lane_.stores.destination.limits(), info))
    co_return *problem;
  co_return goes_for_restore(lane_.options, *item) && has_to_be_restored(*head)
      ? ItemVerdict::to_restore
      : ItemVerdict::to_copy;
}

// The destination was asked for an object and has none. Where the PUT is conditional, that is
// confirmed by it; where not, the absence decides whether something is replaced that the rules
// would leave alone.
Async<Result<bool>> ItemInspector::confirm_absence_of_destination(std::string key, Error refusal) {
  if (!may_mean_no_such_object(refusal)) co_return refusal;
  const bool may_spare =
      lane_.options.comparison.mode == CompareMode::missing || lane_.options.comparison.newer_only;
  if (lane_.stores.destination.limits().conditional_put || !may_spare) co_return true;
  co_return co_await confirm_absence(lane_.destination.get(), std::move(key), "",
                                     std::move(refusal), "");
}

// Both sides were asked, and compare() does not tell. Where nothing shows that the two are the
// same, they are not.
Async<Result<bool>> ItemInspector::is_changed(Item* item, const objects::ObjectHead* source,
                                              const objects::ObjectHead* destination,
                                              Verdict asked) {
  const bool same_digest = have_same_digest(*source, *destination);
  if (lane_.options.comparison.mode == CompareMode::checksum) co_return !same_digest;
  if (asked == Verdict::ask) {
    const bool is_file = lane_.options.comparison.destination_keeps_times &&
                         !lane_.options.comparison.source_keeps_times;
    co_return !same_digest &&
        !(is_file && has_time_of_metadata(lane_.options.comparison, *source, destination->info));
  }
  if (same_digest || have_other_digest(*source, *destination)) {
    if (same_digest) lane_.etags.refute();
    item->for_its_etags = false;
    co_return !same_digest;
  }
  if (hides_md5(*source) || hides_md5(*destination)) {
    lane_.etags.note_encrypted();
    item->for_its_etags = false;
    co_return are_times_against(source->info, destination->info, lane_.clock.now());
  }
  auto tell = co_await lane_.etag_learner.do_tell(item);
  if (tell.has_error()) co_return tell.error();
  if (*tell) {
    lane_.etags.note_plain();
    co_return true;
  }
  item->for_its_etags = false;
  co_return are_times_against(source->info, destination->info, lane_.clock.now());
}

}  // namespace dth::object_copy
