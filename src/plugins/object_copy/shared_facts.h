#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/shared_permits.h"
#include "objects/store_opener.h"
#include "plugins/object_copy/copy/kept.h"
#include "plugins/object_copy/rules/etag_facts.h"
#include "plugins/object_copy/rules/seen_keys.h"
#include "plugins/object_copy/scan/earlier_ledger.h"
#include "plugins/object_copy/task.h"

namespace dth::object_copy {

// Of all runs of a process together: objects and parts in flight, each with its buffers, and the
// pieces of memory that SeenKeys takes.
inline constexpr std::uint32_t transfers_in_flight_max = 2'048;
inline constexpr std::uint32_t seen_pieces_max = 2 * SeenKeys::pieces_max;

// What one lane finds out of the two places of a task, and what its lanes may have at once.
struct RunFacts {
  RunFacts(std::uint32_t transfers_max, engine::SharedPermits* all_transfers,
           engine::SharedPermits* all_pieces)
      : transfers(transfers_max, all_transfers), seen(all_pieces) {}

  EtagFacts etags;
  KeptFacts kept;
  engine::SharedPermits transfers;  // in flight
  SeenKeys seen;
};

// What the lanes of a process share, for as long as one of them uses it. Thread-safe.
class SharedFacts {
 public:
  // `opener` opens the stores of earlier ledgers. `temporary_directory`: where listings are sorted.
  SharedFacts(objects::StoreOpener& opener, std::string temporary_directory)
      : opener_(opener), temporary_directory_(std::move(temporary_directory)) {}

  const std::string& temporary_directory() const { return temporary_directory_; }
  // Tells processes apart.
  std::uint64_t process() const { return process_; }

  // One reading of earlier ledgers serves all lanes. Blocks. `clock` outlives them.
  Result<std::shared_ptr<EarlierLedger>> find_earlier(
      const std::vector<ledger::LedgerPlace>& places, Clock& clock);
  // Of the run whose task that is; the facts do not outlive it.
  std::shared_ptr<RunFacts> find(const ObjectCopyTask& task);

 private:
  using Place = std::pair<std::string, objects::Endpoint>;

  objects::StoreOpener& opener_;
  const std::string temporary_directory_;
  const std::uint64_t process_ = make_process_number();
  static std::uint64_t make_process_number();
  engine::SharedPermits transfers_{transfers_in_flight_max};
  engine::SharedPermits seen_pieces_{seen_pieces_max};
  std::mutex mutex_;
  std::map<const ObjectCopyTask*, std::weak_ptr<RunFacts>> facts_;
  std::mutex earlier_mutex_;  // held while manifests are read
  std::map<std::vector<Place>, std::weak_ptr<EarlierLedger>> earlier_;
};

}  // namespace dth::object_copy
