#include <list>

#include "base/blocking.h"
#include "main/store_kind.h"
#include "objects/file/file_store.h"

namespace dth {
namespace {

// Of all lanes together. Calls to the file system wait for disks, and syncs of several files are
// done in one.
constexpr unsigned threads_max = 32;
constexpr std::uint64_t buffer_bytes_max = 96ull << 20;

class LaneFileStores final : public LaneStores {
 public:
  LaneFileStores(engine::Lane lane, objects::RequestCounters& requests)
      : lane_(lane), requests_(requests), threads_(std::max(4u, threads_max / lane.count)) {}

  Result<objects::ObjectStore*> open(const object_copy::SideSettings& settings) override {
    objects::FileStoreOptions options;
    options.directory = settings.bucket;
    options.read_only = settings.read_only;
    options.may_be_missing = settings.side == "destination";
    options.buffer_bytes_max = buffer_bytes_max / lane_.count;
    stores_.push_back(objects::make_file_store(std::move(options),
                                               {lane_.executor, threads_, lane_.clock, requests_}));
    return stores_.back().get();
  }

 private:
  engine::Lane lane_;
  objects::RequestCounters& requests_;
  BlockingPool threads_;
  std::list<std::unique_ptr<objects::ObjectStore>> stores_;  // after what they use
};

class FileKind final : public StoreKind {
 public:
  std::unique_ptr<LaneStores> on(engine::Lane lane, objects::RequestCounters& requests) override {
    return std::make_unique<LaneFileStores>(lane, requests);
  }
};

}  // namespace

std::unique_ptr<StoreKind> make_file_kind() { return std::make_unique<FileKind>(); }

}  // namespace dth
