#include "plugins/object_copy/scan/paired_listings.h"

namespace dth::object_copy {
namespace {

Async<Result<void>> feed(Listing* listing, MergeSide* side, bool* end_told) {
  listing->take_back(side->take_page());
  auto page = co_await listing->next();
  if (page.has_error()) co_return page.error();
  if (page->ended) *end_told = page->end_told;
  co_return side->feed(std::move(page->objects), page->ended);
}

}  // namespace

PairedListings::PairedListings(objects::ObjectStore& source, objects::ObjectStore& destination,
                               Executor executor, const PairedScope& scope,
                               const CopyOptions& options, bool with_origins)
    : has_folders_(source.limits().keys_are_paths || destination.limits().keys_are_paths),
      source_listing_(source, executor, scope.source_prefix,
                      start_of(scope.source_prefix, scope.after),
                      options.left_out_folders(options.source_key)),
      destination_listing_(destination, executor, scope.destination_prefix,
                           start_of(scope.destination_prefix, scope.after),
                           options.left_out_folders(options.destination_key), with_origins),
      source_("source", scope.source_prefix, start_of(scope.source_prefix, scope.after)),
      destination_("destination", scope.destination_prefix,
                   start_of(scope.destination_prefix, scope.after)) {}

std::string PairedListings::start_of(const std::string& prefix,
                                     const std::optional<std::string>& after) const {
  return after ? start_behind(prefix + *after, has_folders_) : std::string();
}

Async<Result<void>> PairedListings::read(MonotonicTime now) {
  Result<void> fed;
  bool ignored = true;
  if (source_.needs_page()) {
    fed = co_await feed(&source_listing_, &source_, &source_end_told_);
    source_asked_at_ = std::exchange(next_source_asked_at_, now).value_or(now);
  }
  if (fed.has_value() && destination_.needs_page())
    fed = co_await feed(&destination_listing_, &destination_, &ignored);
  co_return fed;
}

Async<void> PairedListings::stop() {
  co_await source_listing_.stop();
  co_await destination_listing_.stop();
}

}  // namespace dth::object_copy
