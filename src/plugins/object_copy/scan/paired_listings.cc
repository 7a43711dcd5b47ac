#include "plugins/object_copy/scan/paired_listings.h"

namespace dth::object_copy {
namespace {

Async<Result<void>> feed(PageSource* listing, MergeSide* side, bool* end_told) {
  listing->take_back(side->take_page());
  auto page = co_await listing->next();
  if (page.has_error()) co_return page.error();
  if (page->ended) *end_told = page->end_told;
  co_return side->feed(std::move(page->objects), page->ended);
}

bool has_folders(const objects::ObjectStore& source, const objects::ObjectStore& destination) {
  return source.limits().keys_are_paths || destination.limits().keys_are_paths;
}

std::string start_of(const std::string& prefix, const std::optional<std::string>& after,
                     bool has_folders) {
  return after ? start_behind(prefix + *after, has_folders) : std::string();
}

}  // namespace

PairedListings::PairedListings(objects::ObjectStore& source, objects::ObjectStore& destination,
                               Executor executor, const PairedScope& scope,
                               const CopyOptions& options, bool with_origins)
    : source_("source", scope.source_prefix,
              start_of(scope.source_prefix, scope.after, has_folders(source, destination))),
      destination_(
          "destination", scope.destination_prefix,
          start_of(scope.destination_prefix, scope.after, has_folders(source, destination))) {
  const bool folders = has_folders(source, destination);
  source_listing_ = std::make_unique<Listing>(source, executor, scope.source_prefix,
                                              start_of(scope.source_prefix, scope.after, folders),
                                              options.left_out_folders(options.source_key));
  destination_listing_ =
      std::make_unique<Listing>(destination, executor, scope.destination_prefix,
                                start_of(scope.destination_prefix, scope.after, folders),
                                options.left_out_folders(options.destination_key), with_origins);
}

PairedListings::PairedListings(std::unique_ptr<PageSource> source,
                               std::unique_ptr<PageSource> destination, const PairedScope& scope)
    : source_listing_(std::move(source)),
      destination_listing_(std::move(destination)),
      source_("source", scope.source_prefix, start_of(scope.source_prefix, scope.after, false)),
      destination_("destination", scope.destination_prefix,
                   start_of(scope.destination_prefix, scope.after, false)) {}

Async<Result<void>> PairedListings::read(MonotonicTime now) {
  Result<void> fed;
  bool ignored = true;
  if (source_.needs_page()) {
    fed = co_await feed(source_listing_.get(), &source_, &source_end_told_);
    source_asked_at_ = std::exchange(next_source_asked_at_, now).value_or(now);
  }
  if (fed.has_value() && destination_.needs_page())
    fed = co_await feed(destination_listing_.get(), &destination_, &ignored);
  co_return fed;
}

Async<void> PairedListings::stop() {
  co_await source_listing_->stop();
  co_await destination_listing_->stop();
}

}  // namespace dth::object_copy
