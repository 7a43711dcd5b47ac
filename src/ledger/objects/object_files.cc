#include "ledger/objects/object_files.h"

#include "ledger/objects/stored_object.h"

namespace dth::ledger {
namespace {

constexpr std::uint64_t window_bytes = 8 << 20;

Result<ReadBytes> read(BlockingStore& store, const ReadRange& range) {
  const BlockingStore::Operation<ReadBytes> operation = [&range](objects::ObjectStore& opened) {
    return read_object(&opened, range);
  };
  return store.call(operation);
}

// One object, of which a window is in memory. Once opened it is the same object to its end.
class ObjectFile final : public ReadableFile {
 public:
  ObjectFile(std::shared_ptr<BlockingStore> store, std::string path, std::string key,
             ReadBytes beginning)
      : store_(std::move(store)),
        path_(std::move(path)),
        key_(std::move(key)),
        size_(beginning.size),
        etag_(std::move(beginning.etag)),
        window_(std::move(beginning.bytes)) {}

  Result<std::uint64_t> size() const override { return size_; }
  const std::string& path() const override { return path_; }

  Result<std::size_t> read_at(std::uint64_t offset, char* data, std::size_t size) const override {
    std::size_t done = 0;
    while (done < size && offset + done < size_) {
      auto got = copy_some(offset + done, data + done, size - done);
      if (got.has_error()) return got;
      done += *got;
    }
    return done;
  }

 private:
  Result<std::size_t> copy_some(std::uint64_t offset, char* data, std::size_t size) const {
    if (offset < window_at_ || offset >= window_at_ + window_.size()) {
      auto got = read(*store_, {key_, offset, window_bytes, etag_});
      if (got.has_error()) return got.error();
      if (got->bytes.empty()) {
        return Error{ErrorCode::data_corrupted,
                     path_ + " ends at " + std::to_string(offset) + ", and not at " +
                         std::to_string(size_) + " as its store said",
                     ""};
      }
      window_ = std::move(got->bytes);
      window_at_ = offset;
    }
    const std::uint64_t from = offset - window_at_;
    const std::size_t count = std::min<std::uint64_t>(size, window_.size() - from);
    std::memcpy(data, window_.data() + from, count);
    return count;
  }

  const std::shared_ptr<BlockingStore> store_;
  const std::string path_, key_;
  const std::uint64_t size_;
  const std::string etag_;
  mutable std::string window_;
  mutable std::uint64_t window_at_ = 0;
};

Async<Result<objects::ListPage>> list_page(objects::ObjectStore* store, std::string prefix,
                                           std::string token) {
  objects::ListRequest request;
  request.prefix = std::move(prefix);
  request.continuation_token = std::move(token);
  co_return co_await store->list(std::move(request));
}

}  // namespace

std::string ObjectFiles::name() const {
  const std::string_view path = std::string_view(prefix_).substr(0, prefix_.size() - 1);
  return std::string(path.substr(path.rfind('/') + 1));
}

Result<std::unique_ptr<ReadableFile>> ObjectFiles::open(const std::string& name) const {
  auto beginning = read(*store_, {.key = prefix_ + name, .length_max = window_bytes});
  if (beginning.has_error())
    return std::move(beginning.error()).with_context(place_ + "/" + name + " cannot be read");
  return std::unique_ptr<ReadableFile>(std::make_unique<ObjectFile>(
      store_, place_ + "/" + name, prefix_ + name, std::move(*beginning)));
}

Result<void> ObjectFiles::list(const FileConsumer& consumer) const {
  std::string token;
  const BlockingStore::Operation<objects::ListPage> operation = [&](objects::ObjectStore& store) {
    return list_page(&store, prefix_, token);
  };
  for (;;) {
    auto page = store_->call(operation);
    if (page.has_error()) return std::move(page.error()).with_context(place_ + " cannot be listed");
    for (const objects::ObjectInfo& object : page->objects) {
      if (!object.key.starts_with(prefix_)) continue;
      auto taken = consumer(object.key.substr(prefix_.size()), object.size.value_or(0));
      if (taken.has_error()) return taken;
    }
    if (!page->truncated) return {};
    if (page->next_token.empty() || page->next_token == token) {
      return Error{ErrorCode::data_corrupted,
                   place_ + " cannot be listed: its store says that more follows, and not where",
                   ""};
    }
    token = std::move(page->next_token);
  }
}

}  // namespace dth::ledger
