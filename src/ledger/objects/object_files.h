#pragma once

#include <memory>

#include "ledger/objects/blocking_store.h"
#include "ledger/run_files.h"

namespace dth::ledger {

// A run's ledger in an object store: its files are the objects whose keys begin with `prefix`,
// which ends in a slash. Holds 8 MiB of a file that is read.
class ObjectFiles final : public RunFiles {
 public:
  ObjectFiles(std::shared_ptr<BlockingStore> store, std::string place, std::string prefix)
      : store_(std::move(store)), place_(std::move(place)), prefix_(std::move(prefix)) {}
  std::string describe() const override { return place_; }
  std::string name() const override;
  Result<std::unique_ptr<ReadableFile>> open(const std::string& name) const override;
  Result<void> list(const FileConsumer& consumer) const override;

 private:
  const std::shared_ptr<BlockingStore> store_;
  const std::string place_, prefix_;
};

}  // namespace dth::ledger
