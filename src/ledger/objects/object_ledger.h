#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

#include "ledger/ledger.h"
#include "ledger/objects/blocking_store.h"

namespace dth::ledger {

struct ObjectLedgerOptions {
  std::string place;        // for messages: "s3://bucket/ledgers"
  std::string prefix;       // before the run's id: empty, or ends in a slash
  std::string worker_name;  // as in DirectoryLedgerOptions
  unsigned writes_max = 4;  // at once; what is appended meanwhile is collected
  std::uint64_t object_size_bytes_max = 8 << 20;  // of what is collected
};

// The ledger in an object store: `<prefix><run>/<worker>-<n>.ndjson.zst`. An object is written once
// and never touched again. It holds the frames of the appends that came while others were being
// written, so that there are never more objects than writes that fit in the time, however small the
// appends are.
//
// append() errors: those of the store; is_given_up() where it cannot be reached for long.
class ObjectLedger final : public Ledger {
 public:
  // `store` outlives it.
  ObjectLedger(BlockingStore& store, ObjectLedgerOptions options);
  Result<state::Segment> append(const std::string& run, const LineBuffer& lines) override;
  void request_stop() override { store_.request_stop(); }
  std::vector<std::string> waiting() const override;

  // Those that have not returned.
  unsigned appends_under_way() const;

 private:
  // An object in the making, of several appends.
  struct Batch {
    std::string bytes;
    std::string name;
    bool is_done = false;
    std::optional<Error> failure;
  };

  void write_batch(const std::string& run, std::shared_ptr<Batch> batch,
                   std::unique_lock<std::mutex>* lock);
  Result<std::string> store_batch(const std::string& run, std::string bytes);
  std::shared_ptr<Batch> add_to_batch(const std::string& run, const std::string& bytes,
                                      std::uint64_t* offset);

  BlockingStore& store_;
  const ObjectLedgerOptions options_;
  mutable std::mutex mutex_;  // of all that follows; not held while the store is asked
  std::condition_variable changed_;
  std::map<std::string, std::shared_ptr<Batch>> open_;  // by run: those that take more
  unsigned writes_ = 0, appends_ = 0;
  std::uint64_t number_ = 0;  // of the last object, of any run
};

}  // namespace dth::ledger
