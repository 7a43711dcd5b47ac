#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/error.h"

namespace dth::ledger {

// A file of a ledger, opened for reading.
class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  virtual Result<std::uint64_t> size() const = 0;
  // Up to `size` bytes at `offset`; fewer only at the end of the file. Neighbouring calls that
  // ascend are cheap.
  virtual Result<std::size_t> read_at(std::uint64_t offset, char* data, std::size_t size) const = 0;
  virtual const std::string& path() const = 0;  // for messages
};

// Takes a file's name and size.
using FileConsumer = std::function<Result<void>(const std::string& name, std::uint64_t size)>;

// The files of one run's ledger, wherever they are: in a directory, or objects behind a prefix.
// Methods block. Errors: not_found, permission_denied, unauthenticated, unavailable and what else
// the place says.
class RunFiles {
 public:
  virtual ~RunFiles() = default;
  // For messages: "/ledgers/01H…", "s3://bucket/ledgers/01H…".
  virtual std::string describe() const = 0;
  // What the place itself is called: as the run, unless somebody moved it.
  virtual std::string name() const = 0;
  // `name` is a plain one (is_plain_name()).
  virtual Result<std::unique_ptr<ReadableFile>> open(const std::string& name) const = 0;
  // Every file, in any order. A listing may lag behind what open() finds.
  virtual Result<void> list(const FileConsumer& consumer) const = 0;
};

// In a directory, which need not exist.
class DirectoryFiles final : public RunFiles {
 public:
  // A slash at the end makes no difference.
  explicit DirectoryFiles(const std::string& directory);
  std::string describe() const override { return directory_; }
  std::string name() const override;
  Result<std::unique_ptr<ReadableFile>> open(const std::string& name) const override;
  Result<void> list(const FileConsumer& consumer) const override;

 private:
  const std::string directory_;
};

}  // namespace dth::ledger
