#include "plugins/object_copy/copy/name_folding.h"

#include <algorithm>

#include "base/encoding.h"
#include "plugins/object_copy/copy/copy_way.h"
#include "plugins/object_copy/rules/awkward_name.h"

namespace dth::object_copy {

// Whether a destination of unknown kind takes two names for one: in which case they are, how
// Unicode writes them, or with other characters in place of some. Where it does, the second object
// replaces the first, so one object finds it out before any other whose name may be changed so is
// written.

namespace {

using Fold = KeptFacts::Fold;

constexpr std::chrono::milliseconds folding_poll_interval{20};

FoldingSet only(Folding folding) { return FoldingSet().set(index_of(folding)); }

std::string words_of(FoldingSet foldings) {
  std::string words;
  for (Folding folding : all_foldings) {
    if (foldings.test(index_of(folding)))
      words.append(words.empty() ? "" : ", or ").append(words_of(folding));
  }
  return words;
}

std::string folded_warning(const objects::ObjectStore& store, FoldingSet foldings,
                           const std::string& key) {
  return store.describe() + " " + words_of(foldings) + " (seen at " + printable(key) +
         "). Objects with such names are written one at a time there, and those whose name is "
         "taken fail";
}

std::string denied_warning(const objects::ObjectStore& store, FoldingSet foldings,
                           const Error& error) {
  return store.describe() + ": whether it " + words_of(foldings) +
         " could not be checked: " + error.to_string() +
         ". If so, the second of two such names may replace the first. Allow reading "
         "(s3:GetObject, s3:ListBucket), or name the "
         "store's kind with --destination-vendor";
}

std::string doubtful_warning(const objects::ObjectStore& store, Folding folding) {
  return store.describe() + ": whether it " + std::string(words_of(folding)) +
         " could not be found out, since the source has objects under both names. Objects with "
         "such names are written one at a time there";
}

// Does the refusal say that this cannot be found out, rather than that it was a bad moment?
bool is_final(const Error& error) {
  return !is_retryable(error.code) && error.code != ErrorCode::cancelled &&
         error.code != ErrorCode::unauthenticated;
}

}  // namespace

bool NameFolding::tells(const Item& item, Folding folding) const {
  const std::string key = lane_.options.destination_key_of(item.key);
  return !key.ends_with('/') && !item.last && !is_for_parts(lane_, item) && !is_awkward_name(key) &&
         foldings_of(key).test(index_of(folding)) && !folded_names(folding, key).empty();
}

Async<Result<FoldingSet>> NameFolding::claim(engine::JobContext* context,
                                             const std::vector<Item>* items) {
  // Kinds of stores that are known keep names as they are.
  if (lane_.options.in_place || lane_.options.dry_run ||
      lane_.stores.destination.limits().keeps_what_is_sent)
    co_return FoldingSet();
  FoldingSet names_depend_on;
  for (const Item& item : *items)
    names_depend_on |= foldings_of(lane_.options.destination_key_of(item.key));
  for (;;) {
    FoldingSet to_find, in_work;
    for (Folding folding : all_foldings) {
      if (!names_depend_on.test(index_of(folding))) continue;
      const Fold known = lane_.kept->folding(folding);
      in_work.set(index_of(folding), known == Fold::being_tried);
      if (known != Fold::untried) continue;
      const bool is_told = std::any_of(items->begin(), items->end(),
                                       [&](const Item& item) { return tells(item, folding); });
      to_find.set(index_of(folding), is_told);
    }
    if (in_work.none() && to_find.none()) co_return FoldingSet();
    if (in_work.none() && lane_.kept->try_claim(to_find)) co_return to_find;
    if (context->stop_requested() ||
        is_cancelled(co_await boost::asio::this_coro::cancellation_state))
      co_return cancelled_error();
    auto slept = co_await lane_.clock.sleep_for(folding_poll_interval);
    if (slept.has_error()) co_return slept.error();
  }
}

FoldingSet NameFolding::open_of(const std::string& key, FoldingSet claimed) const {
  FoldingSet open = foldings_of(key) & claimed;
  for (Folding folding : all_foldings) {
    if (lane_.kept->folding(folding) != Fold::being_tried) open.reset(index_of(folding));
  }
  return open;
}

Async<Result<bool>> NameFolding::has_twin_at_source(const Item* item, FoldingSet open) {
  for (Folding folding : all_foldings) {
    // Else the copy of such an object waits for the trial.
    if (!open.test(index_of(folding)) || !reaches_other_names(folding)) continue;
    for (std::string name : folded_names(folding, item->key)) {
      auto there = co_await lane_.source->head(std::move(name), "");
      if (there.has_value()) co_return true;
      if (!is_final(there.error())) co_return there.error();
    }
  }
  co_return false;
}

// What answers to a key?
Async<Result<NameFolding::Answering>> NameFolding::find_answering(std::string key) {
  ++lane_.looks;
  auto present = co_await lane_.destination->head(key, "");
  if (present.has_error() && present.error().code == ErrorCode::not_found)
    co_return Answering::nothing;
  if (present.has_error()) co_return present.error();
  auto listed = co_await names_.find_listed(key, "");
  if (listed.has_error()) co_return listed.error();
  co_return listed->exact ? Answering::itself : Answering::another;
}

Async<Result<void>> NameFolding::check_after(Folding folding, std::string key, std::string etag,
                                             std::vector<std::string>* warnings) {
  const std::vector<std::string> names = folded_names(folding, key);
  if (names.empty()) co_return Result<void>();  // it tells nothing
  Answering answering = Answering::nothing;
  for (const std::string& name : names) {
    auto answered = co_await find_answering(name);
    if (answered.has_error() && !is_final(answered.error())) co_return answered.error();
    if (answered.has_error()) {
      warnings->push_back(
          denied_warning(lane_.stores.destination, only(folding), answered.error()));
      lane_.kept->settle(folding, Fold::kept);
      co_return Result<void>();
    }
    answering = *answered;
    if (answering != Answering::nothing) break;
  }
  // A store that changes characters may choose others than these.
  if (answering == Answering::nothing && !reaches_other_names(folding)) {
    lane_.kept->settle(folding, Fold::kept);
    co_return Result<void>();
  }
  auto listed = co_await names_.find_listed(key, "");
  if (listed.has_error() && !is_final(listed.error())) co_return listed.error();
  if (listed.has_error()) {
    warnings->push_back(denied_warning(lane_.stores.destination, only(folding), listed.error()));
    lane_.kept->settle(folding, Fold::kept);
    co_return Result<void>();
  }
  const bool folded = answering == Answering::another || !listed->exact;
  lane_.kept->settle(folding, folded ? Fold::folded : Fold::kept);
  if (!folded) co_return Result<void>();
  warnings->push_back(folded_warning(lane_.stores.destination, only(folding), key));
  if (listed->exact) co_return Result<void>();
  co_return co_await names_.check_name_was_kept(key, std::move(etag));
}

Async<Result<void>> NameFolding::check_untried(std::string key, std::string etag,
                                               std::vector<std::string>* warnings) {
  if (lane_.options.in_place) co_return Result<void>();
  const FoldingSet may_change = foldings_of(key);
  for (Folding folding : all_foldings) {
    const FoldingSet one = only(folding);
    if ((one & may_change).none() || folded_names(folding, key).empty() ||
        !lane_.kept->try_claim(one))
      continue;
    const FoldingTrial trial(lane_.kept, one);
    auto kept = co_await check_after(folding, key, etag, warnings);
    if (kept.has_error()) co_return kept.error();
  }
  co_return Result<void>();
}

Async<Result<void>> NameFolding::look_before_trial(const Item* item, FoldingSet open,
                                                   std::vector<std::string>* warnings) {
  if (!item->destination_etag.empty()) co_return Result<void>();
  const std::string key = lane_.options.destination_key_of(item->key);
  auto answering = co_await find_answering(key);
  if (answering.has_error() && !is_final(answering.error())) co_return answering.error();
  if (answering.has_value() && *answering != Answering::another) co_return Result<void>();
  warnings->push_back(answering.has_error()
                          ? denied_warning(lane_.stores.destination, open, answering.error())
                          : folded_warning(lane_.stores.destination, open, key));
  for (Folding folding : all_foldings) {
    if (open.test(index_of(folding)))
      lane_.kept->settle(folding, answering.has_error() ? Fold::kept : Fold::folded);
  }
  co_return Result<void>();
}

void NameFolding::settle_doubtful(Folding folding, std::vector<std::string>* warnings) {
  warnings->push_back(doubtful_warning(lane_.stores.destination, folding));
  lane_.kept->settle(folding, Fold::folded);
}

}  // namespace dth::object_copy
