#pragma once

#include <string>
#include <vector>

#include "base/async_scope.h"
#include "objects/object_store.h"

namespace dth::object_copy {

// Where the pages of a listing come from.
class PageSource {
 public:
  struct Page {
    std::vector<objects::ObjectInfo> objects;
    bool ended = false;    // nothing comes after these
    bool end_told = true;  // and the store said so (ListPage::end_told)
  };

  virtual ~PageSource() = default;

  // The next page that holds anything, or an empty last one.
  virtual Async<Result<Page>> next() = 0;

  // Objects of an earlier page that the reader is done with: their memory may serve for a later
  // one.
  virtual void take_back(std::vector<objects::ObjectInfo>) {}

  // To be awaited before destruction.
  virtual Async<void> stop() = 0;
};

// Reads one listing page after page, one page ahead of its reader. Holds at most two pages, one of
// which may be what was taken back.
class Listing final : public PageSource {
 public:
  // `leaves_out`: folders whose objects the reader passes over (ListRequest::leaves_out); empty:
  // none.
  Listing(objects::ObjectStore& store, Executor executor, std::string prefix,
          std::string start_after, std::function<bool(std::string_view)> leaves_out = {},
          bool with_origins = false);

  // Tokens that come again, or a long row of empty pages, are data_corrupted: the listing would
  // never end.
  Async<Result<Page>> next() override;

  void take_back(std::vector<objects::ObjectInfo> objects) override { spare_ = std::move(objects); }

  Async<void> stop() override { return scope_.stop(); }

 private:
  Async<void> fetch();
  Async<Result<objects::ListPage>> wait();

  objects::ObjectStore& store_;
  AsyncScope scope_;
  const std::function<bool(std::string_view)> leaves_out_;
  objects::ListRequest request_;
  std::vector<objects::ObjectInfo> spare_;  // for whichever request gets its answer next
  std::optional<Result<objects::ListPage>> fetched_;
  bool ended_ = false;
  bool end_told_ = true;
  // A token that comes again is found by looking at one of each doubling stretch (Brent).
  std::string token_kept_;
  std::uint64_t tokens_ = 0, keep_at_ = 1;
};

}  // namespace dth::object_copy
