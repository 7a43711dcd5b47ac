#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "state/sqlite/database.h"
#include "state/work_watch.h"

namespace dth::state::sqlite {

// Sees that something was committed to the file, by any process, on a connection and a thread of
// its own: it compares `pragma data_version`, which reads a few bytes of shared memory, every 50
// ms, and where nothing happens ever less often, up to 250 ms apart.
class WorkWatcher final : public WorkWatch {
 public:
  WorkWatcher(std::string path, std::function<void()> wake);
  ~WorkWatcher() override;
  WorkWatcher(const WorkWatcher&) = delete;
  WorkWatcher& operator=(const WorkWatcher&) = delete;

 private:
  void serve();

  const std::string path_;
  const std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stops_ = false;
  std::thread thread_;
};

}  // namespace dth::state::sqlite
