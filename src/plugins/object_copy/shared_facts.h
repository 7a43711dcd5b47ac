#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugins/object_copy/copy/kept.h"
#include "plugins/object_copy/rules/etag_facts.h"
#include "plugins/object_copy/rules/seen_keys.h"
#include "plugins/object_copy/scan/earlier_ledger.h"
#include "plugins/object_copy/task.h"

namespace dth::object_copy {

// What one lane finds out of the two places of a task.
struct RunFacts {
  EtagFacts etags;
  KeptFacts kept;
  SeenKeys seen;
};

// What the lanes of a process share, for as long as one of them uses it. Thread-safe.
class SharedFacts {
 public:
  // `temporary_directory`: where listings are sorted.
  explicit SharedFacts(std::string temporary_directory)
      : temporary_directory_(std::move(temporary_directory)) {}

  const std::string& temporary_directory() const { return temporary_directory_; }
  // Tells processes apart.
  std::uint64_t process() const { return process_; }

  // One reading of earlier ledgers serves all lanes. Null where no directory is named.
  Result<std::shared_ptr<EarlierLedger>> find_earlier(const std::vector<std::string>& directories);
  // Of the run whose task that is; the facts do not outlive it.
  std::shared_ptr<RunFacts> find(const ObjectCopyTask& task);

 private:
  const std::string temporary_directory_;
  const std::uint64_t process_ = make_process_number();
  static std::uint64_t make_process_number();
  std::mutex mutex_;
  std::map<const ObjectCopyTask*, std::weak_ptr<RunFacts>> facts_;
  std::map<std::vector<std::string>, std::weak_ptr<EarlierLedger>> earlier_;  // by directories
};

}  // namespace dth::object_copy
