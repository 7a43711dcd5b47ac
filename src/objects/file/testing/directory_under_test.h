#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "objects/file/file_store.h"
#include "objects/testing/conformance.h"

namespace dth::objects {

// A directory of a test's own, gone with everything in it when this object dies.
class TestDirectory {
 public:
  TestDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "dth_files_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error("mkdtemp failed for " + pattern);
    path_ = pattern;
  }
  ~TestDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A store on a directory of its own, with real threads for real files.
class DirectoryUnderTest final : public StoreUnderTest {
 public:
  explicit DirectoryUnderTest(FileStoreOptions options) {
    if (options.directory.empty()) options.directory = directory_.path();
    store_ =
        make_file_store(std::move(options), {context_.get_executor(), threads_, clock_, counters_});
  }
  boost::asio::io_context& context() override { return context_; }
  ObjectStore& store() override { return *store_; }
  const std::filesystem::path& path() const { return directory_.path(); }

 private:
  TestDirectory directory_;
  SystemClock clock_;
  RequestCounters counters_;
  boost::asio::io_context context_;
  BlockingPool threads_{4};
  std::unique_ptr<ObjectStore> store_;
};

}  // namespace dth::objects
