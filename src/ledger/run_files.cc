#include "ledger/run_files.h"

#include <filesystem>

#include <fcntl.h>

#include "ledger/file.h"

namespace dth::ledger {
namespace {

namespace fs = std::filesystem;

class LocalFile final : public ReadableFile {
 public:
  explicit LocalFile(File file) : file_(std::move(file)) {}
  Result<std::uint64_t> size() const override { return file_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, char* data, std::size_t size) const override {
    return file_.read_at(offset, data, size);
  }
  const std::string& path() const override { return file_.path(); }

 private:
  const File file_;
};

std::string without_slash(const std::string& directory) {
  const fs::path path = fs::path(directory).lexically_normal();
  return (path.filename().empty() ? path.parent_path() : path).string();
}

}  // namespace

DirectoryFiles::DirectoryFiles(const std::string& directory)
    : directory_(without_slash(directory)) {}

std::string DirectoryFiles::name() const { return fs::path(directory_).filename().string(); }

Result<std::unique_ptr<ReadableFile>> DirectoryFiles::open(const std::string& name) const {
  auto file = File::open((fs::path(directory_) / name).string(), O_RDONLY | O_NOFOLLOW);
  if (file.has_error()) return file.error();
  return std::unique_ptr<ReadableFile>(std::make_unique<LocalFile>(std::move(*file)));
}

Result<void> DirectoryFiles::list(const FileConsumer& consumer) const {
  std::error_code code;
  fs::directory_iterator entries(directory_, code);
  for (; !code && entries != fs::directory_iterator(); entries.increment(code)) {
    std::error_code unknown;  // of what is no file, or is gone
    const std::uint64_t size = entries->file_size(unknown);
    auto taken = consumer(entries->path().filename().string(), unknown ? 0 : size);
    if (taken.has_error()) return taken;
  }
  if (code) return file_error("list", directory_, code.value());
  return {};
}

}  // namespace dth::ledger
