#include "objects/file/file_client.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <dirent.h>
#include <fcntl.h>

#include "base/encoding.h"
#include "objects/file/tree.h"
#include "objects/path_key.h"

namespace dth::objects::file {
namespace {

namespace fs = std::filesystem;

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

// A name of a level: those of directories end in a slash, so that they are in the order of keys.
using Names = std::set<std::string>;

// The `count` least names that fit and are greater than `after`, and one more.
Result<Names> read_names(int directory, const std::string& begin, const std::string& after,
                         std::size_t count) {
  Descriptor own(::fcntl(directory, F_DUPFD_CLOEXEC, 0));
  std::unique_ptr<DIR, DirectoryCloser> open(::fdopendir(own.get()));
  if (!open) return Error{ErrorCode::permission_denied, "the directory cannot be read", ""};
  own.release();
  Names names;
  while (const dirent* entry = ::readdir(open.get())) {
    std::string name = entry->d_name;
    if (name == "." || name == ".." || !name.starts_with(begin) || is_draft_name(name)) continue;
    struct stat status {};
    if (::fstatat(::dirfd(open.get()), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(status.st_mode)) {
      name += '/';
    } else if (!S_ISREG(status.st_mode)) {
      continue;
    }
    if (name <= after) continue;
    names.insert(std::move(name));
    if (names.size() > count + 1) names.erase(std::prev(names.end()));
  }
  return names;
}

LevelEntry entry_of(int directory, const std::string& level, const std::string& name) {
  LevelEntry entry;
  entry.is_prefix = name.ends_with('/');
  entry.object.key = level + name;
  struct stat status {};
  if (entry.is_prefix || ::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return entry;
  entry.object.size = static_cast<std::uint64_t>(status.st_size);
  entry.object.last_modified = TimePoint(std::chrono::seconds(status.st_mtim.tv_sec) +
                                         std::chrono::microseconds(status.st_mtim.tv_nsec / 1000));
  return entry;
}

Result<LevelPage> read_level(const std::string& root, const LevelRequest& request) {
  const std::size_t slash = request.prefix.rfind('/');
  const std::string level = slash == std::string::npos ? "" : request.prefix.substr(0, slash + 1);
  Tree tree(root, false);
  if (auto opened = tree.open(); opened.has_error()) return opened.error();
  auto directory = tree.open_directory(level);
  if (directory.has_error()) return directory.error();
  auto names = read_names(directory->get(), request.prefix.substr(level.size()), request.token,
                          request.page_size);
  if (names.has_error())
    return std::move(names.error()).with_context(printable(tree.name_of(level)));
  LevelPage page;
  for (const std::string& name : *names) {
    if (page.entries.size() == request.page_size) {
      page.next_token = page.entries.back().object.key.substr(level.size());
      break;
    }
    page.entries.push_back(entry_of(directory->get(), level, name));
  }
  return page;
}

class FileClient final : public EndpointClient {
 public:
  FileClient(std::string root, bool read_only, FileStoreServices services,
             std::shared_ptr<void> session)
      : root_(std::move(root)),
        read_only_(read_only),
        services_(services),
        session_(std::move(session)) {}

  Async<std::vector<ReachStep>> reach() override { co_return std::vector<ReachStep>(); }
  Async<Result<std::string>> identity() override { co_return std::string(); }
  Async<Result<BucketPage>> list_buckets(BucketRequest) override {
    co_return Error{ErrorCode::unsupported, "a host has directories, and no buckets", ""};
  }
  Async<Result<LevelPage>> list_level(LevelRequest request) override {
    const auto work = [&] { return read_level(root_.empty() ? "/" : root_, request); };
    co_return co_await run_blocking(services_.blocking, work);
  }
  Result<ObjectStore*> open_bucket(const std::string& bucket) override {
    if (auto checked = check_within(bucket, root_); checked.has_error()) return checked.error();
    if (!store_ || directory_ != bucket) {
      FileStoreOptions options;
      options.directory = directory_ = bucket;
      options.read_only = read_only_;
      store_ = make_file_store(std::move(options), services_);
    }
    return store_.get();
  }
  LastAnswer last_answer() const override { return {}; }

 private:
  const std::string root_;
  const bool read_only_;
  const FileStoreServices services_;
  const std::shared_ptr<void> session_;
  std::unique_ptr<ObjectStore> store_;
  std::string directory_;  // of it
};

}  // namespace

Result<void> check_within(const std::string& directory, const std::string& root) {
  if (root.empty()) return {};
  std::error_code failure;
  const fs::path place = fs::weakly_canonical(directory, failure);
  if (failure) {
    return Error{ErrorCode::permission_denied,
                 "cannot tell where " + printable(directory) + " is: " + failure.message(), ""};
  }
  const fs::path top = fs::weakly_canonical(root, failure);
  const auto ends =
      std::mismatch(top.begin(), top.end(), place.begin(), place.end(),
                    [](const fs::path& one, const fs::path& other) { return one == other; });
  const bool is_within = !failure && (ends.first == top.end() ||
                                      (std::next(ends.first) == top.end() && ends.first->empty()));
  if (is_within) return {};
  return Error{ErrorCode::permission_denied,
               printable(directory) + " is not within " + printable(root) +
                   ", which is all that the endpoint gives access to",
               ""};
}

std::unique_ptr<EndpointClient> make_file_client(std::string root, bool read_only,
                                                 FileStoreServices services,
                                                 std::shared_ptr<void> session) {
  return std::make_unique<FileClient>(std::move(root), read_only, services, std::move(session));
}

}  // namespace dth::objects::file
