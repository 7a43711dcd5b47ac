#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

#include "ledger/frame.h"
#include "ledger/ledger.h"
#include "ledger/objects/blocking_store.h"

namespace dth::ledger {

struct ObjectLedgerOptions {
  std::string place;        // for messages: "s3://bucket/ledgers"
  std::string prefix;       // before the run's id: empty, or ends in a slash
  std::string worker_name;  // as in DirectoryLedgerOptions
  // Appends are collected: for so long, until they have so many lines, and while so many other
  // objects are being written.
  Duration collect_time = Duration::zero();
  std::uint64_t lines_enough = 1'000;
  unsigned writes_max = 4;
  std::uint64_t object_size_bytes_max = 8 << 20;
};

// The ledger in an object store: `<prefix><run>/<worker>-<n>.ndjson.zst`. An object is written once
// and never touched again. It holds the frames of the appends that were collected, so that there
// are about as many objects as thousands of lines, or as `collect_time` fits in the time, however
// small the appends are.
//
// append() errors: those of the store; is_given_up() where it cannot be reached for long.
class ObjectLedger final : public Ledger {
 public:
  // `store` outlives it.
  ObjectLedger(BlockingStore& store, ObjectLedgerOptions options);
  Result<state::Segment> append(const std::string& run, const LineBuffer& lines) override;
  void request_stop() override;
  std::vector<std::string> waiting() const override;

  // Those that have not returned.
  unsigned appends_under_way() const;

 private:
  // An object in the making, of several appends.
  struct Batch {
    std::string bytes;
    std::uint64_t lines = 0;
    std::string name;
    bool is_taken = false;  // somebody writes it, or is about to
    bool is_done = false;
    std::optional<Error> failure;
  };

  void write_batch(const std::string& run, std::shared_ptr<Batch> batch,
                   std::unique_lock<std::mutex>* lock);
  Result<std::string> store_batch(const std::string& run, std::string bytes);
  std::shared_ptr<Batch> add_to_batch(const std::string& run, const Frame& frame,
                                      std::uint64_t* offset);

  BlockingStore& store_;
  const ObjectLedgerOptions options_;
  mutable std::mutex mutex_;  // of all that follows; not held while the store is asked
  std::condition_variable changed_;
  std::map<std::string, std::shared_ptr<Batch>> open_;  // by run: those that take more
  unsigned writes_ = 0, appends_ = 0;
  bool is_stopping_ = false;
  std::uint64_t number_ = 0;  // of the last object, of any run
};

}  // namespace dth::ledger
