#pragma once

#include <memory>
#include <set>
#include <string>

#include "base/blocking.h"
#include "engine/job_context.h"
#include "plugins/object_copy/scan/listing.h"
#include "plugins/object_copy/scan/sorted_records.h"

namespace dth::object_copy {

// Where a job sorts: on a thread of its own, since that may take longer than the state's
// transactions can wait. In tests that run everything inline it does so as well.
class SortingThread {
 public:
  explicit SortingThread(engine::JobContext& context);
  BlockingExecutor& blocking() { return pool_ ? *pool_ : inline_; }

 private:
  BlockingExecutor& inline_;
  std::unique_ptr<BlockingPool> pool_;
};

// A listing in byte order of one that is not: that of a directory bucket, or of a name space with
// folders. All of it is read and sorted first, in temporary files.
class SortedListing final : public PageSource {
 public:
  // `directory`: for the temporary files.
  SortedListing(BlockingExecutor& blocking, const std::string& directory, std::size_t bytes_max)
      : blocking_(blocking), records_(directory, bytes_max) {}

  // Reads `listing` to its end, stops it, and sorts what it has. False: a stop is requested.
  // `seen`: see add().
  Async<Result<bool>> fill(engine::JobContext* context, Listing* listing, const std::string* seen);

  // Takes a page of the listing, in its own order. Keys that it begins with, as far as they ascend
  // up to `seen`, are left out: they were looked at before it showed that the order is another one.
  Async<Result<void>> add(std::vector<objects::ObjectInfo> objects, const std::string* seen);

  // Nothing more is added. Some of the sorting; true once it is done.
  Async<Result<bool>> sort_some();

  // After that: pages from behind `key` on.
  void begin_after(std::string key) { after_ = std::move(key); }
  Async<Result<Page>> next() override;
  Async<void> stop() override { co_return; }

 private:
  objects::ObjectInfo object_of(std::string name, std::string_view value);

  BlockingExecutor& blocking_;
  SortedRecords records_;
  std::string previous_;
  bool ascending_ = true;
  std::string after_;
  std::set<std::string, std::less<>> obstacles_;  // what ObjectInfo::obstacle refers to
};

}  // namespace dth::object_copy
