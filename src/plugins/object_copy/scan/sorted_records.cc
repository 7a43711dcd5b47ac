#include "plugins/object_copy/scan/sorted_records.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <queue>

#include <fcntl.h>
#include <unistd.h>

namespace dth::object_copy {
namespace {

constexpr std::size_t fan_in_max = 128;           // files that are merged into one at once
constexpr std::size_t records_at_once = 200'000;  // of finish_some()
constexpr std::size_t file_buffer_bytes = 64 << 10;
constexpr std::uint64_t index_interval_bytes = 256 << 10;

struct Record {
  std::string key, value;
};

// A file without a name. Used only to write all of it, and then to read.
class TemporaryFile {
 public:
  static Result<TemporaryFile> make(const std::string& directory) {
    int descriptor = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
      std::string path = directory + "/dth.XXXXXX";
      descriptor = ::mkostemp(path.data(), O_CLOEXEC);
      if (descriptor >= 0) ::unlink(path.c_str());
    }
    std::FILE* stream = descriptor < 0 ? nullptr : ::fdopen(descriptor, "w+b");
    if (!stream) {
      return Error{ErrorCode::unavailable,
                   "cannot make a temporary file in " + directory + ": " + std::strerror(errno) +
                       "; set TMPDIR to a directory with space",
                   ""};
    }
    std::setvbuf(stream, nullptr, _IOFBF, file_buffer_bytes);
    return TemporaryFile(stream);
  }

  Result<void> write(const Record& record) {
    const std::uint32_t sizes[] = {static_cast<std::uint32_t>(record.key.size()),
                                   static_cast<std::uint32_t>(record.value.size())};
    offset_ += sizeof sizes + sizes[0] + sizes[1];
    const bool written = std::fwrite(sizes, sizeof sizes, 1, stream_.get()) == 1 &&
                         std::fwrite(record.key.data(), 1, sizes[0], stream_.get()) == sizes[0] &&
                         std::fwrite(record.value.data(), 1, sizes[1], stream_.get()) == sizes[1];
    return written ? Result<void>() : failed("written");
  }
  std::uint64_t offset() const { return offset_; }

  Result<void> seek(std::uint64_t offset) {
    offset_ = offset;
    return ::fseeko(stream_.get(), static_cast<off_t>(offset), SEEK_SET) == 0 ? Result<void>()
                                                                              : failed("read");
  }

  // False: the end.
  Result<bool> read(Record* record) {
    std::uint32_t sizes[2];
    if (std::fread(sizes, sizeof sizes, 1, stream_.get()) != 1) {
      if (std::ferror(stream_.get())) return failed("read").error();
      return false;
    }
    record->key.resize(sizes[0]);
    record->value.resize(sizes[1]);
    offset_ += sizeof sizes + sizes[0] + sizes[1];
    const bool whole = std::fread(record->key.data(), 1, sizes[0], stream_.get()) == sizes[0] &&
                       std::fread(record->value.data(), 1, sizes[1], stream_.get()) == sizes[1];
    if (!whole) return failed("read").error();
    return true;
  }

 private:
  struct Close {
    void operator()(std::FILE* stream) const { std::fclose(stream); }
  };
  explicit TemporaryFile(std::FILE* stream) : stream_(stream) {}
  static Result<void> failed(const char* what) {
    return Error{ErrorCode::unavailable,
                 std::string("a temporary file cannot be ") + what + ": " + std::strerror(errno) +
                     "; set TMPDIR to a directory with space",
                 ""};
  }

  std::unique_ptr<std::FILE, Close> stream_;
  std::uint64_t offset_ = 0;
};

// Gives the records of sorted files in order, those of one key in the order of the files.
class Merge {
 public:
  explicit Merge(std::vector<TemporaryFile> files)
      : files_(std::move(files)), heads_(files_.size()) {}

  Result<void> begin() {
    for (std::size_t i = 0; i < files_.size(); ++i) {
      auto begun = files_[i].seek(0);
      if (begun.has_value()) begun = advance(i);
      if (begun.has_error()) return begun;
    }
    return Result<void>();
  }

  // False: the end.
  Result<bool> next(Record* record) {
    if (queue_.empty()) return false;
    const std::size_t least = queue_.top();
    queue_.pop();
    std::swap(*record, heads_[least]);
    auto advanced = advance(least);
    if (advanced.has_error()) return advanced.error();
    return true;
  }

 private:
  struct Later {
    const std::vector<Record>* heads;
    bool operator()(std::size_t a, std::size_t b) const {
      const int order = (*heads)[a].key.compare((*heads)[b].key);
      return order > 0 || (order == 0 && a > b);
    }
  };

  Result<void> advance(std::size_t i) {
    auto more = files_[i].read(&heads_[i]);
    if (more.has_error()) return more.error();
    if (*more) queue_.push(i);
    return Result<void>();
  }

  std::vector<TemporaryFile> files_;
  std::vector<Record> heads_;
  std::priority_queue<std::size_t, std::vector<std::size_t>, Later> queue_{Later{&heads_}};
};

}  // namespace

struct SortedRecords::Impl {
  std::string directory;
  std::size_t bytes_max;
  std::vector<Record> records = {};
  std::size_t bytes = 0;
  std::vector<std::vector<TemporaryFile>> levels =
      {};  // each file of a level holds fan_in_max of the one before

  // While it is finished, and after:
  std::unique_ptr<Merge> last_merge = {};
  std::optional<Record> pending = {};  // not written yet: another of its key may follow
  std::optional<TemporaryFile> whole = {};
  std::vector<std::pair<std::string, std::uint64_t>> index =
      {};               // of every so many bytes: the record there
  Record current = {};  // the first one whose key is not less than `asked`
  std::string asked = {};
  bool begun = false;
  bool ended = false;

  Result<void> spill() {
    std::stable_sort(records.begin(), records.end(),
                     [](const Record& a, const Record& b) { return a.key < b.key; });
    auto file = TemporaryFile::make(directory);
    if (file.has_error()) return file.error();
    for (const Record& record : records) {
      auto written = file->write(record);
      if (written.has_error()) return written;
    }
    records.clear();
    bytes = 0;
    return keep(std::move(*file), 0);
  }

  Result<void> keep(TemporaryFile file, std::size_t level) {
    if (levels.size() <= level) levels.emplace_back();
    levels[level].push_back(std::move(file));
    if (levels[level].size() < fan_in_max) return Result<void>();
    auto merged = TemporaryFile::make(directory);
    if (merged.has_error()) return merged.error();
    Merge merge(std::exchange(levels[level], {}));
    auto done = merge.begin();
    Record record;
    while (done.has_value()) {
      auto more = merge.next(&record);
      if (more.has_error()) return more.error();
      if (!*more) break;
      done = merged->write(record);
    }
    if (done.has_error()) return done;
    return keep(std::move(*merged), level + 1);
  }

  Result<void> begin_to_finish() {
    auto spilt = records.empty() ? Result<void>() : spill();
    if (spilt.has_error()) return spilt;
    std::vector<TemporaryFile> files;
    for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
      for (TemporaryFile& file : *level) files.push_back(std::move(file));
    }
    levels.clear();
    auto file = TemporaryFile::make(directory);
    if (file.has_error()) return file.error();
    whole.emplace(std::move(*file));
    last_merge = std::make_unique<Merge>(std::move(files));
    return last_merge->begin();
  }

  Result<void> write(const Record& record) {
    if (index.empty() || whole->offset() >= index.back().second + index_interval_bytes)
      index.emplace_back(record.key, whole->offset());
    return whole->write(record);
  }

  Result<bool> finish_some() {
    if (!whole) {
      auto began = begin_to_finish();
      if (began.has_error()) return began.error();
    }
    for (std::size_t i = 0; i < records_at_once && last_merge; ++i) {
      Record record;
      auto more = last_merge->next(&record);
      if (more.has_error()) return more.error();
      if (pending && (!*more || pending->key != record.key)) {
        auto written = write(*pending);
        if (written.has_error()) return written.error();
      }
      pending.reset();
      if (*more) pending = std::move(record);
      if (!*more) last_merge.reset();
    }
    return !last_merge;
  }

  Result<void> step() {
    auto more = whole->read(&current);
    if (more.has_error()) return more.error();
    ended = !*more;
    return Result<void>();
  }

  // Makes `current` the first record whose key is not less.
  Result<void> go_to(std::string_view key) {
    auto after =
        std::upper_bound(index.begin(), index.end(), key,
                         [](std::string_view k, const auto& entry) { return k < entry.first; });
    const std::uint64_t block = after == index.begin() ? 0 : std::prev(after)->second;
    const bool back = !begun || key < std::string_view(asked);
    asked = key;
    if (back || block > whole->offset()) {
      begun = true;
      auto sought = whole->seek(block);
      if (sought.has_error()) return sought;
      auto stepped = step();
      if (stepped.has_error()) return stepped;
    }
    while (!ended && std::string_view(current.key) < key) {
      auto stepped = step();
      if (stepped.has_error()) return stepped;
    }
    return Result<void>();
  }
};

SortedRecords::SortedRecords(std::string directory, std::size_t bytes_max)
    : impl_(std::make_unique<Impl>(Impl{std::move(directory), bytes_max})) {}

SortedRecords::~SortedRecords() = default;

Result<void> SortedRecords::add(std::string_view key, std::string_view value) {
  impl_->records.push_back({std::string(key), std::string(value)});
  impl_->bytes += key.size() + value.size() + sizeof(Record);
  return impl_->bytes < impl_->bytes_max ? Result<void>() : impl_->spill();
}

Result<bool> SortedRecords::finish_some() { return impl_->finish_some(); }

Result<std::vector<std::optional<std::string>>> SortedRecords::find(
    const std::vector<std::string_view>& keys) {
  std::vector<std::optional<std::string>> values(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto there = impl_->go_to(keys[i]);
    if (there.has_error()) return there.error();
    if (!impl_->ended && impl_->current.key == keys[i]) values[i] = impl_->current.value;
  }
  return values;
}

Result<std::vector<std::pair<std::string, std::string>>> SortedRecords::read(std::string_view after,
                                                                             std::size_t count) {
  std::vector<std::pair<std::string, std::string>> records;
  auto there = impl_->go_to(after);
  if (there.has_value() && !impl_->ended && impl_->current.key == after) there = impl_->step();
  while (there.has_value() && !impl_->ended && records.size() < count) {
    records.emplace_back(std::move(impl_->current.key), std::move(impl_->current.value));
    impl_->asked = records.back().first;
    there = impl_->step();
  }
  if (there.has_error()) return there.error();
  return records;
}

}  // namespace dth::object_copy
