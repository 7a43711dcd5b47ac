#include "objects/file/store.h"

#include <linux/magic.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/encoding.h"
#include "objects/file/errors.h"
#include "objects/path_key.h"

namespace dth::objects {
namespace file {
namespace {

StoreLimits file_limits() {
  StoreLimits limits;
  limits.object_size_max = limits.put_size_max = limits.part_size_max = INT64_MAX;
  limits.part_size_min = 1;
  limits.key_size_max = path_size_max;
  limits.keys_are_paths = limits.keeps_times = limits.keeps_origins = limits.looks_are_local = true;
  limits.etag_is_md5 = limits.multipart_etag_is_md5_of_md5s = false;
  limits.etag_is_never_md5 = true;
  limits.enforces_content_md5 = limits.enforces_checksums = limits.checks_digests = true;
  limits.hashed_by_reading = true;
  limits.server_side_copy = limits.server_side_copy_parts = limits.copies_as_asked =
      limits.uploads_as_asked = false;
  limits.tags = limits.acls = limits.object_lock = limits.storage_classes = limits.encryption =
      false;
  limits.tag_count_max = 0;
  return limits;
}

Error no_such_operation(const std::string& what) {
  return Error{ErrorCode::unsupported, "no directory " + what, ""};
}

}  // namespace

FileStore::FileStore(FileStoreOptions options, FileStoreServices services)
    : options_(std::move(options)),
      services_(services),
      limits_(file_limits()),
      tree_(options_.directory, options_.may_be_missing),
      buffers_(services.buffers
                   ? *services.buffers
                   : own_buffers_.emplace(services.executor, options_.buffer_bytes_max)) {}

Async<Result<StoreIdentity>> FileStore::check(StoreUse) {
  ++services_.counters.other;
  return blocking([this] { return look(); });
}

Result<StoreIdentity> FileStore::look() {
  auto opened = tree_.open();
  if (opened.has_error()) return opened.error();
  StoreIdentity identity;
  identity.vendor = "directory";
  auto real = tree_.real_path();
  if (real.has_error()) return real.error();
  identity.directory = *real;
  // What is said of a directory that is not there yet holds for its parent.
  const std::string place = tree_.is_missing()
                                ? options_.directory.substr(0, options_.directory.rfind('/') + 1)
                                : options_.directory;
  if (!options_.read_only && ::access(place.c_str(), W_OK) != 0) {
    return error_of(errno, "nothing can be written to the directory " + printable(place));
  }
  if (abilities_.load() == Abilities::unknown) {
    auto learnt = learn_abilities(place);
    if (learnt.has_error()) return learnt.error();
    abilities_ = Abilities::known;
  }
  if (!limits_.metadata && !options_.read_only) {
    identity.notes.push_back("the file system of " + printable(place) +
                             " keeps no extended attributes: content types, user metadata and "
                             "checksums of copied objects are dropped, and "
                             "markers of empty folders are made again by each run");
  }
  return identity;
}

Result<void> FileStore::learn_abilities(const std::string& place) {
  Descriptor directory(::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open())
    return error_of(errno, "the directory " + printable(place) + " cannot be opened");
  struct statfs system;
  // FAT keeps every second second.
  if (::fstatfs(directory.get(), &system) == 0 && system.f_type == MSDOS_SUPER_MAGIC)
    limits_.time_precision = std::chrono::seconds(2);
  if (options_.read_only) return Result<void>();
  auto draft = Draft::begin(std::move(directory), "probe", printable(place));
  if (draft.has_error())
    return std::move(draft.error())
        .with_context("nothing can be written to the directory " + printable(place));
  limits_.metadata = keeps_attributes(draft->file());
  return Result<void>();
}

Error FileStore::only_read() const {
  return Error{ErrorCode::unsupported,
               describe() + " was opened to be read: nothing is written there", ""};
}

Result<void> FileStore::check_writable(const std::string& key) const {
  if (options_.read_only) return only_read();
  if (auto problem = path_problem(key)) {
    return Error{ErrorCode::invalid_argument,
                 "\"" + printable(key) + "\" cannot be the name of a file in " + describe() +
                     ": the key " + *problem,
                 ""};
  }
  return Result<void>();
}

Result<void> FileStore::check_write(const std::string& key, const ObjectMetadata& metadata,
                                    const ObjectProperties& properties) const {
  auto writable = check_writable(key);
  if (writable.has_error()) return writable.error();
  if (auto problem = attributes_problem(metadata))
    return Error{ErrorCode::invalid_argument, tree_.name_of(key) + ": " + *problem, ""};
  if (properties == ObjectProperties{}) return Result<void>();
  return Error{ErrorCode::unsupported,
               "files in a directory have no storage class, ACL, encryption, tags or locks of this "
               "kind; omit the options that ask for them",
               ""};
}

Async<Result<PutResult>> FileStore::copy(CopyRequest) {
  co_return no_such_operation("copies files by itself");
}

Async<Result<PartResult>> FileStore::copy_part(CopyPartRequest) {
  co_return no_such_operation("copies files by itself");
}

Async<Result<void>> FileStore::restore(RestoreRequest) {
  co_return no_such_operation("restores from archives");
}
Async<Result<Tags>> FileStore::get_tags(std::string, std::string) {
  co_return no_such_operation("keeps tags");
}

Async<Result<void>> FileStore::create_bucket(CreateBucketRequest request) {
  ++services_.counters.other;
  if (options_.read_only) co_return only_read();
  if (request.object_lock) co_return no_such_operation("locks objects");
  co_return co_await blocking([this]() -> Result<void> {
    auto made = tree_.make_directory("");
    if (made.has_error()) return made.error();
    return Result<void>();
  });
}

}  // namespace file

std::unique_ptr<ObjectStore> make_file_store(FileStoreOptions options, FileStoreServices services) {
  return std::make_unique<file::FileStore>(std::move(options), services);
}

}  // namespace dth::objects
