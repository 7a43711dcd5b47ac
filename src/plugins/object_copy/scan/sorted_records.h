#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace dth::object_copy {

// Records of a key and a value, more than fit into memory, in byte order of their keys. They are
// sorted in files without a name in a directory for temporary files, which are gone with the
// process, however it ends. Blocks; one thread at a time.
class SortedRecords {
 public:
  // `directory`: where the files are, such as $TMPDIR. `bytes_max` of records in memory at once.
  SortedRecords(std::string directory, std::size_t bytes_max);
  ~SortedRecords();

  // unavailable: the disk is full or fails.
  Result<void> add(std::string_view key, std::string_view value);

  // Nothing is added any more: puts all into one order, of one key only what was added last. Does
  // some of that work, for a moment only; true once it is done.
  Result<bool> finish_some();

  // The values of these keys, which ascend: of each the last one that was added, or nothing.
  // Reading on where the call before ended costs least.
  Result<std::vector<std::optional<std::string>>> find(const std::vector<std::string_view>& keys);

  // Up to `count` records of keys greater than `after`.
  Result<std::vector<std::pair<std::string, std::string>>> read(std::string_view after,
                                                                std::size_t count);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dth::object_copy
