#include "base/encoding.h"
#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/rules/awkward_name.h"

// Whether a destination that is not known to keep every name tells upper from lower case. Where it
// does not, the second of two names that differ in case replaces the first, so one object finds it
// out before any other whose name has letters is written.
namespace dth::object_copy {
namespace {

using Case = KeptFacts::Case;

constexpr std::chrono::milliseconds case_poll_interval{20};
constexpr std::size_t trials_per_batch_max = 8;

std::string folded_warning(const objects::ObjectStore& store, const std::string& key) {
  return store.describe() + " does not tell upper from lower case in names (seen at " +
         printable(key) +
         "). Objects are written one at a time there, and those whose name is taken fail";
}

std::string denied_warning(const objects::ObjectStore& store, const Error& error) {
  return store.describe() +
         ": whether it tells upper from lower case in names could not be checked: " +
         error.to_string() +
         ". Of two names that differ in case the second may replace the first. Allow reading "
         "(s3:GetObject, s3:ListBucket), or name the "
         "store's kind with --destination-vendor";
}

// Does the refusal say that this cannot be found out, rather than that it was a bad moment?
bool is_final(const Error& error) {
  return !is_retryable(error.code) && error.code != ErrorCode::cancelled &&
         error.code != ErrorCode::unauthenticated;
}

}  // namespace

// Can it be found out by this item? An upload in parts takes long, and looks when it is complete.
bool ObjectCopyRunner::tells_case(const Item& item) const {
  const std::string key = lane_.options.destination_key_of(item.key);
  return !key.ends_with('/') && !item.last && with_case_swapped(key) != key && !is_for_parts(item);
}

// Waits until it is known, or until it is this job's to find out: true. Names without letters do
// not depend on it.
Async<Result<bool>> ObjectCopyRunner::claim_case(engine::JobContext* context,
                                                 const std::vector<Item>* items) {
  // Kinds of stores that are known tell them apart.
  if (lane_.options.in_place || lane_.options.dry_run ||
      lane_.stores.destination.limits().keeps_what_is_sent)
    co_return false;
  const bool depends = std::any_of(items->begin(), items->end(), [&](const Item& item) {
    return has_case(lane_.options.destination_key_of(item.key));
  });
  if (!depends) co_return false;
  const bool tells =
      std::any_of(items->begin(), items->end(), [&](const Item& item) { return tells_case(item); });
  for (;;) {
    const Case known = lane_.kept->name_case();
    if (known == Case::told_apart || known == Case::folded || (!tells && known == Case::untried))
      co_return false;
    if (known == Case::untried && lane_.kept->try_claim_case()) co_return true;
    if (context->stop_requested() ||
        is_cancelled(co_await boost::asio::this_coro::cancellation_state))
      co_return cancelled_error();
    auto slept = co_await lane_.clock.sleep_for(case_poll_interval);
    if (slept.has_error()) co_return slept.error();
  }
}

// Copies objects of the batch one by one until it is known, or not to be known.
Async<void> ObjectCopyRunner::try_case(Batch* batch) {
  const auto key_of = [&](const Item& item) { return lane_.options.destination_key_of(item.key); };
  const auto first = std::find_if(batch->items.begin(), batch->items.end(),
                                  [&](const Item& item) { return tells_case(item); });
  if (first == batch->items.end()) co_return;
  std::iter_swap(batch->items.begin(), first);
  const std::size_t end = std::min(batch->items.size(), trials_per_batch_max);
  batch->tries_case = true;
  while (batch->next < end && lane_.kept->name_case() == Case::being_tried && !batch->lockout &&
         !batch->closed && batch->context.may_start() && !batch->context.stop_requested()) {
    const Item& item = batch->items[batch->next];
    if (item.destination_etag.empty()) {
      auto answering = co_await find_answering(key_of(item));
      if (answering.has_error() && is_final(answering.error())) {
        batch->finished.effects.warnings.push_back(
            denied_warning(lane_.stores.destination, answering.error()));
        lane_.kept->settle_case(Case::told_apart);
      } else if (answering.has_error()) {
        batch->failure = answering.error();
      } else if (*answering == Answering::another) {
        batch->finished.effects.warnings.push_back(
            folded_warning(lane_.stores.destination, key_of(item)));
        lane_.kept->settle_case(Case::folded);
      }
      if (batch->failure || lane_.kept->name_case() != Case::being_tried) break;
    }
    co_await copy_item(batch, batch->next++);
  }
  batch->tries_case = false;
}

// What answers to a key?
Async<Result<ObjectCopyRunner::Answering>> ObjectCopyRunner::find_answering(std::string key) {
  ++lane_.looks;
  auto present = co_await lane_.destination->head(key, "");
  if (present.has_error() && present.error().code == ErrorCode::not_found)
    co_return Answering::nothing;
  if (present.has_error()) co_return present.error();
  auto listed = co_await find_listed(key, "");
  if (listed.has_error()) co_return listed.error();
  co_return listed->exact ? Answering::itself : Answering::another;
}

// After `key` was written: does an object answer to it in the other case? `name_not_kept`: it does,
// and the key itself is not listed.
Async<Result<void>> ObjectCopyRunner::check_case(std::string key,
                                                 std::vector<std::string>* warnings) {
  const std::string swapped = with_case_swapped(key);
  if (swapped == key) co_return Result<void>();  // it tells nothing
  auto answering = co_await find_answering(swapped);
  if (answering.has_error() && !is_final(answering.error())) co_return answering.error();
  if (answering.has_error())
    warnings->push_back(denied_warning(lane_.stores.destination, answering.error()));
  if (answering.has_error() || *answering == Answering::nothing) {
    lane_.kept->settle_case(Case::told_apart);
    co_return Result<void>();
  }
  auto listed = co_await find_listed(key, "");
  if (listed.has_error()) co_return listed.error();
  const bool folded = *answering == Answering::another || !listed->exact;
  lane_.kept->settle_case(folded ? Case::folded : Case::told_apart);
  if (!folded) co_return Result<void>();
  warnings->push_back(folded_warning(lane_.stores.destination, key));
  if (listed->exact) co_return Result<void>();
  co_return co_await check_name_was_kept(key, "");
}

}  // namespace dth::object_copy
