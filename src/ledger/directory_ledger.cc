#include "ledger/directory_ledger.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>

#include "ledger/file.h"
#include "ledger/frame.h"

namespace dth::ledger {
namespace {

constexpr std::size_t open_files_max = 64;
constexpr int create_attempts_max = 1000;

// The greatest n of the files `<worker>-<n>.ndjson.zst` in the directory, 0 where there is none.
std::uint64_t greatest_number(const std::string& directory, const std::string& prefix) {
  std::uint64_t greatest = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(file_suffix)) continue;
    std::uint64_t number = 0;
    const char* end = name.data() + name.size() - file_suffix.size();
    const auto parsed = std::from_chars(name.data() + prefix.size(), end, number);
    if (parsed.ec == std::errc() && parsed.ptr == end) greatest = std::max(greatest, number);
  }
  return greatest;
}

}  // namespace

struct DirectoryLedger::OpenFile {
  OpenFile(File opened, std::string name_) : file(std::move(opened)), name(std::move(name_)) {}
  const File file;
  const std::string name;

  // Under the ledger's mutex.
  std::uint64_t end = 0;
  std::uint64_t last_use = 0;

  // Under sync_mutex. One fdatasync serves all who wrote before it. After a failed one nobody can
  // tell what is on the disk, and the kernel reports a failure only once: so the file is broken for
  // everybody whose bytes were not safe yet.
  std::mutex sync_mutex;
  std::uint64_t synced = 0;
  std::atomic<bool> broken = false;
  std::atomic<std::uint64_t> written = 0;
};

DirectoryLedger::DirectoryLedger(DirectoryLedgerOptions options) : options_(std::move(options)) {
  options_.worker_name = plain_worker_name(std::move(options_.worker_name));
}

DirectoryLedger::~DirectoryLedger() = default;

Result<state::Segment> DirectoryLedger::append(const std::string& run, const LineBuffer& lines) {
  auto frame = make_frame(run, lines);
  if (frame.has_error()) return frame.error();
  state::Segment segment = std::move(frame->segment);
  std::shared_ptr<OpenFile> file;
  {
    // Writing into the page cache is quick; only the wait for the disk below is shared.
    std::lock_guard guard(mutex_);
    auto found = file_for(run, segment.length, &segment.offset);
    if (found.has_error()) return found.error();
    file = std::move(*found);
    if (auto written = file->file.write_at(segment.offset, frame->bytes); written.has_error()) {
      if (file->file.truncate(segment.offset).has_error()) file->broken = true;
      return written.error();
    }
    file->end = segment.offset + segment.length;
    file->written = file->end;
  }
  segment.file = file->name;
  if (auto synced = sync(*file, segment.offset + segment.length); synced.has_error())
    return synced.error();
  return segment;
}

Result<void> DirectoryLedger::sync(OpenFile& file, std::uint64_t end) {
  std::lock_guard guard(file.sync_mutex);
  if (file.synced >= end) return {};
  if (file.broken) {
    return Error{
        ErrorCode::unavailable,
        "cannot write to " + file.file.path() + ": an earlier write of this file failed; try again",
        {}};
  }
  const std::uint64_t written = file.written;
  if (auto synced = file.file.sync(); synced.has_error()) {
    file.broken = true;
    return synced.error();
  }
  file.synced = written;
  return {};
}

// The file to append to and where, with the mutex held. A new one where there is none yet, or the
// last is full or broken.
Result<std::shared_ptr<DirectoryLedger::OpenFile>> DirectoryLedger::file_for(
    const std::string& run, std::uint64_t growth, std::uint64_t* offset) {
  auto found = files_.find(run);
  if (found != files_.end()) {
    const OpenFile& file = *found->second;
    if (file.broken || (file.end > 0 && file.end + growth > options_.file_size_bytes_max)) {
      files_.erase(found);
      found = files_.end();
    }
  }
  if (found == files_.end()) {
    if (files_.size() >= open_files_max) {
      files_.erase(std::min_element(files_.begin(), files_.end(), [](const auto& a, const auto& b) {
        return a.second->last_use < b.second->last_use;
      }));
    }
    auto created = create_file(run);
    if (created.has_error()) return created.error();
    found = files_.emplace(run, std::move(*created)).first;
  }
  found->second->last_use = ++uses_;
  *offset = found->second->end;
  return found->second;
}

Result<std::shared_ptr<DirectoryLedger::OpenFile>> DirectoryLedger::create_file(
    const std::string& run) {
  const std::filesystem::path parent(options_.directory);
  const std::string directory = (parent / run).string();
  std::error_code code;
  std::filesystem::create_directories(parent, code);
  if (code) return file_error("create", options_.directory, code.value());
  if (::mkdir(directory.c_str(), 0700) == 0) {
    if (auto synced = sync_directory(options_.directory); synced.has_error()) return synced.error();
  } else if (errno != EEXIST) {
    return file_error("create", directory, errno);
  }
  const std::string prefix = options_.worker_name + "-";
  std::uint64_t number = greatest_number(directory, prefix);
  for (int attempt = 0; attempt < create_attempts_max; ++attempt) {
    const std::string name = prefix + std::to_string(++number) + std::string(file_suffix);
    auto file = File::open((std::filesystem::path(directory) / name).string(),
                           O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW);
    if (file.has_error() && file.error().code == ErrorCode::already_exists)
      continue;  // another process was quicker
    if (file.has_error()) return file.error();
    if (auto synced = sync_directory(directory); synced.has_error()) return synced.error();
    return std::make_shared<OpenFile>(std::move(*file), name);
  }
  return Error{ErrorCode::unavailable,
               "cannot find a free name for a file in " + directory +
                   ": do two processes share the name " + options_.worker_name + "?",
               {}};
}

}  // namespace dth::ledger
