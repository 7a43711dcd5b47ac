#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace dth::state::sql {

// Writes lines into a file of zstd, which has its name once it is whole.
class ArchiveWriter {
 public:
  static Result<std::unique_ptr<ArchiveWriter>> create(const std::string& path);
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  Result<void> add(std::string_view line);
  // The last line tells the number of lines and the SHA-256 of them; then the file is there.
  Result<void> end();

 private:
  ArchiveWriter(std::string path, std::FILE* file);
  Result<void> compress(std::string_view bytes, bool is_last);
  Error failed() const;

  const std::string path_, temporary_;
  std::FILE* file_;
  std::unique_ptr<ZSTD_CCtx_s, unsigned long (*)(ZSTD_CCtx_s*)> context_;
  Hasher hasher_{HashAlgorithm::sha256};
  std::uint64_t lines_ = 0;
};

// Calls `line` with each line but the last, in their order, and checks that all of them are there
// as they were written. data_corrupted otherwise: what was done of the lines is then to be undone.
Result<void> read_archive(const std::string& path,
                          const std::function<Result<void>(std::string_view line)>& line);

}  // namespace dth::state::sql
