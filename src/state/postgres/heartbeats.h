#pragma once

#include <mutex>
#include <set>
#include <string>

#include "state/sql/liveness.h"

namespace dth::state::postgres {

// Workers of many hosts: alive while their heartbeat is fresh by the database's clock. Dead is one
// that let its last lease run out too, and one of this host whose process is gone.
class Heartbeats final : public sql::Liveness {
 public:
  Result<void> begin(const std::string& worker) override;
  void end(const std::string& worker, bool is_anothers) override;
  std::string mark() const override;
  WorkerInfo::Life life_of(const Evidence& evidence) override;

 private:
  bool is_ours(const std::string& worker);

  std::mutex mutex_;
  std::set<std::string> ours_;
};

}  // namespace dth::state::postgres
