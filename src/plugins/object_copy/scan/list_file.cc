#include "plugins/object_copy/scan/list_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/retry.h"

namespace dth::object_copy {
namespace {

Error changed(const std::string& name) {
  return Error{ErrorCode::invalid_argument,
               "the list " + name +
                   " has changed since the run began, so it cannot be read on where it was left; "
                   "give the command again for a new run with the list as it is now",
               ""};
}

// What tells one content of a list from another.
std::string tag_of(const objects::ObjectInfo& info) {
  if (!info.etag.empty() || !info.last_modified.known()) return info.etag;
  return format_time(info.last_modified.value());
}

// An open file, closed at the end.
class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

class LocalListFile final : public ListFile {
 public:
  explicit LocalListFile(std::string path) : path_(std::move(path)), name_(printable(path_)) {}

  const std::string& name() const override { return name_; }

  Async<Result<ListCursor>> look(BlockingExecutor& blocking) override {
    co_return co_await run_blocking(blocking, [this] {
      const Descriptor file(path_);
      return identify(file);
    });
  }

  Async<Result<std::string>> read(BlockingExecutor& blocking, ListCursor cursor) override {
    co_return co_await run_blocking(blocking, [this, &cursor] { return read_now(cursor); });
  }

 private:
  Error cannot(const char* what) const {
    return Error{ErrorCode::invalid_argument,
                 "the list " + name_ + " cannot be " + what + ": " + std::strerror(errno), ""};
  }

  Result<ListCursor> identify(const Descriptor& file) const {
    struct stat status = {};
    if (file.get() < 0) return cannot("opened");
    if (::fstat(file.get(), &status) != 0) return cannot("read");
    if (!S_ISREG(status.st_mode)) {
      return Error{
          ErrorCode::invalid_argument,
          "the list " + name_ +
              " is no file; pipes and directories cannot be read again after an interruption",
          ""};
    }
    ListCursor cursor;
    cursor.size = static_cast<std::uint64_t>(status.st_size);
    cursor.tag = "mtime " + std::to_string(status.st_mtim.tv_sec) + "." +
                 std::to_string(status.st_mtim.tv_nsec);
    return cursor;
  }

  Result<std::string> read_now(const ListCursor& cursor) const {
    const Descriptor file(path_);
    std::string bytes(std::min<std::uint64_t>(piece_bytes_max, cursor.size - cursor.offset), '\0');
    for (std::size_t done = 0; file.get() >= 0 && done < bytes.size();) {
      const ssize_t got = ::pread(file.get(), bytes.data() + done, bytes.size() - done,
                                  static_cast<off_t>(cursor.offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return cannot("read");
      if (got == 0) return changed(name_);
      done += static_cast<std::size_t>(got);
    }
    // After the reading: a change in between shows too.
    auto now = identify(file);
    if (now.has_error()) return now.error();
    if (now->size != cursor.size || now->tag != cursor.tag) return changed(name_);
    return bytes;
  }

  const std::string path_, name_;
};

class StoredListFile final : public ListFile {
 public:
  StoredListFile(objects::ObjectStore& store, std::string key, Clock& clock, std::uint32_t seed)
      : store_(store),
        key_(std::move(key)),
        name_(printable(key_) + " in " + store.describe()),
        clock_(clock) {
    retry_.seed = seed;
  }

  const std::string& name() const override { return name_; }

  Async<Result<ListCursor>> look(BlockingExecutor&) override {
    auto head = co_await retry(clock_, retry_, [this] { return store_.head(key_, ""); });
    if (head.has_error())
      co_return std::move(head.error()).with_context("the list " + name_ + " cannot be read");
    ListCursor cursor;
    cursor.size = head->info.size.value();
    cursor.tag = tag_of(head->info);
    co_return cursor;
  }

  Async<Result<std::string>> read(BlockingExecutor&, ListCursor cursor) override {
    auto bytes = co_await retry(clock_, retry_, [this, &cursor] { return read_once(cursor); });
    if (bytes.has_value()) co_return bytes;
    if (bytes.error().code == ErrorCode::not_found) co_return changed(name_);
    co_return std::move(bytes.error()).with_context("the list " + name_ + " cannot be read");
  }

 private:
  Async<Result<std::string>> read_once(ListCursor cursor) {
    objects::GetRequest request;
    request.key = key_;
    request.range = objects::ByteRange{
        cursor.offset, std::min<std::uint64_t>(piece_bytes_max, cursor.size - cursor.offset)};
    auto got = co_await store_.get(request);
    if (got.has_error()) co_return got.error();
    const objects::ObjectInfo& info = got->head.info;
    const std::string tag = tag_of(info);
    if (info.size != cursor.size || tag != cursor.tag) co_return changed(name_);
    std::string bytes;
    for (;;) {
      auto piece = co_await got->body->next();
      if (piece.has_error()) co_return piece.error();
      if (piece->empty()) co_return bytes;
      bytes.append(reinterpret_cast<const char*>(piece->data()), piece->size());
    }
  }

  objects::ObjectStore& store_;
  const std::string key_, name_;
  Clock& clock_;
  RetryOptions retry_;
};

}  // namespace

std::unique_ptr<ListFile> make_local_list_file(std::string path) {
  return std::make_unique<LocalListFile>(std::move(path));
}

std::unique_ptr<ListFile> make_stored_list_file(objects::ObjectStore& store, std::string key,
                                                Clock& clock, std::uint32_t seed) {
  return std::make_unique<StoredListFile>(store, std::move(key), clock, seed);
}

}  // namespace dth::object_copy
