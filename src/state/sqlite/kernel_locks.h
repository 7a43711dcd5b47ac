#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/exclusive_lock.h"
#include "state/sql/liveness.h"

namespace dth::state::sqlite {

// Each worker holds a lock of the kernel for as long as this object lives: so the death of a
// process is seen at once, however it died and whatever the clocks say.
class KernelLocks final : public sql::Liveness {
 public:
  // Each worker's lock is a file of this directory; empty: the state is in memory, and all workers
  // are this process's.
  explicit KernelLocks(std::string directory) : directory_(std::move(directory)) {}

  Result<void> begin(const std::string& worker) override;
  void end(const std::string& worker, bool is_anothers) override;
  std::string mark() const override { return sql::boot_id(); }
  WorkerInfo::Life life_of(const Evidence& evidence) override;

 private:
  std::string lock_path(const std::string& worker) const;
  Result<std::unique_ptr<ExclusiveLock>> lock(const std::string& worker) const;
  bool is_ours(const std::string& worker);

  const std::string directory_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<ExclusiveLock>> locks_;  // of our workers; null in memory
};

}  // namespace dth::state::sqlite
