#pragma once

#include <memory>
#include <optional>
#include <string>

#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/rules/merge.h"
#include "plugins/object_copy/scan/listing.h"

namespace dth::object_copy {

// Where both listings begin.
struct PairedScope {
  std::string source_prefix;
  std::string destination_prefix;
  // Only what comes after these bytes beneath the prefixes; nothing: all.
  std::optional<std::string> after = {};
};

// Both sides' listings, walked in step so that each key of either side is seen once. Where merge()
// asks what is to be copied, this asks what there is. Both orders are checked as they are read.
class PairedListings {
 public:
  // `options`: by their rules folders are left out, in which no key is taken.
  PairedListings(objects::ObjectStore& source, objects::ObjectStore& destination, Executor executor,
                 const PairedScope& scope, const CopyOptions& options, bool with_origins = false);

  // Of listings that are in order whatever the stores' are; they begin behind scope.after by
  // themselves.
  PairedListings(std::unique_ptr<PageSource> source, std::unique_ptr<PageSource> destination,
                 const PairedScope& scope);

  // Did a side's order keep read() from going on?
  bool out_of_order() const { return source_.out_of_order() || destination_.out_of_order(); }

  // Reads a page for each side that needs one. What is wrong with a listing is an error, never its
  // end.
  Async<Result<void>> read(MonotonicTime now);

  // The source's page that is walked was asked for then, or later: pages are read ahead.
  MonotonicTime source_asked_at() const { return source_asked_at_; }

  // Calls visit(relative_key, source, destination) for each key as far as what is in memory
  // reaches; one of the two is null where that side lacks the key, or what hides it there
  // (ObjectInfo::hides()). Stops early when visit returns false (the key it was called with is
  // done).
  template <class Visit>
  void walk(Visit visit) {
    while (!source_.needs_page() && !destination_.needs_page() && !exhausted()) {
      int order = 0;
      if (source_.exhausted()) {
        order = 1;
      } else if (destination_.exhausted()) {
        order = -1;
      } else {
        order = source_.relative_key().compare(destination_.relative_key());
      }
      const std::string_view key =
          order <= 0 ? source_.relative_key() : destination_.relative_key();
      const objects::ObjectInfo* from = order <= 0 ? &source_.current() : source_.hiding(key);
      const objects::ObjectInfo* to =
          order >= 0 ? &destination_.current() : destination_.hiding(key);
      if (order <= 0) source_.step();
      if (order >= 0) destination_.step();
      if (!visit(key, from, to)) return;
    }
  }

  // Were both read to their ends, and all of it visited?
  bool exhausted() const { return source_.exhausted() && destination_.exhausted(); }

  // Did the source's store say itself that its listing is at its end? Where it did not, nothing
  // that the source seems to lack may be deleted.
  bool source_end_told() const { return source_end_told_; }

  // To be awaited before destruction.
  Async<void> stop();

 private:
  std::unique_ptr<PageSource> source_listing_, destination_listing_;
  MergeSide source_, destination_;
  std::optional<MonotonicTime> next_source_asked_at_;  // once a page was read
  MonotonicTime source_asked_at_{};
  bool source_end_told_ = true;
};

}  // namespace dth::object_copy
