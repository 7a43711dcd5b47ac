#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "ledger/ledger.h"

namespace dth::ledger {

struct DirectoryLedgerOptions {
  std::string directory;    // created where missing
  std::string worker_name;  // begins the names of this process's files; characters other than A-Z
                            // a-z 0-9 . _ - become _
  std::uint64_t file_size_bytes_max =
      256ull << 20;  // a file that would grow past it is followed by a new one
};

// The ledger in a directory: `<directory>/<run>/<worker>-<n>.ndjson.zst`, one zstd frame for each
// append. A process never writes to a file that it did not create, so what a dead one left can be
// cut (trim.h) at leisure.
//
// append() errors: invalid_argument (no lines; a run id that is no file name), permission_denied,
// unavailable (disk). Where it failed, nothing of these lines counts; a part of a frame is cut off
// again.
class DirectoryLedger final : public Ledger {
 public:
  explicit DirectoryLedger(DirectoryLedgerOptions options);
  ~DirectoryLedger() override;
  Result<state::Segment> append(const std::string& run, const LineBuffer& lines) override;

 private:
  struct OpenFile;
  Result<std::shared_ptr<OpenFile>> file_for(const std::string& run, std::uint64_t growth,
                                             std::uint64_t* offset);
  Result<std::shared_ptr<OpenFile>> create_file(const std::string& run);
  static Result<void> sync(OpenFile& file, std::uint64_t end);

  DirectoryLedgerOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<OpenFile>> files_;  // by run
  std::uint64_t uses_ = 0;
};

}  // namespace dth::ledger
