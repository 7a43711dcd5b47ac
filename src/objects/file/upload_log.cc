#include "objects/file/upload_log.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <sstream>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>

#include "base/encoding.h"
#include "objects/file/attributes.h"
#include "objects/file/entries.h"
#include "objects/file/errors.h"
#include "objects/path_key.h"

namespace dth::objects::file {
namespace {

constexpr std::string_view log_ending = ".log", data_ending = ".data";
constexpr int open_turns_max = 100;
constexpr std::size_t log_size_max = 64 << 20;
// A line that lacks it was cut off, and does not count.
constexpr std::string_view line_end = " .";

std::string folder_of(const std::string& key) {
  return key.substr(0, name_position(key)) + std::string(uploads_folder_name);
}

// Ids begin with what tells the key, so that an upload is found among many without reading all
// logs.
std::string id_prefix(const std::string& key) {
  return hash(HashAlgorithm::sha256, as_bytes(key)).hex().substr(0, 16) + "-";
}

// Ids come from outside and become names of files.
bool is_id_of(const std::string& key, const std::string& upload_id) {
  return upload_id.starts_with(id_prefix(key)) && upload_id.size() <= 64 &&
         std::all_of(upload_id.begin(), upload_id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '-';
         });
}

Error no_such_upload(const Tree& tree, const std::string& key) {
  return Error{ErrorCode::not_found, ErrorReason::upload_missing,
               "there is no such upload of " + tree.name_of(key) + ": it was completed or aborted",
               "NoSuchUpload"};
}

// A word of a line, whatever bytes it has.
std::string word(std::string_view text) { return text.empty() ? "-" : percent_encode(text, true); }
std::string text_of(const std::string& word) {
  return word == "-" ? std::string() : percent_decode(word).value_or("");
}

constexpr std::int64_t unknown_time = INT64_MIN;

std::string first_line(const CreateUploadRequest& request, TimePoint now) {
  Attributes attributes;
  attributes.metadata = request.metadata;
  attributes.origin = request.origin;
  std::string line =
      "upload " + word(request.key) + " " + std::to_string(now.time_since_epoch().count()) + " " +
      std::to_string(request.modified.known() ? request.modified.value().time_since_epoch().count()
                                              : unknown_time) +
      " " + std::to_string(request.size) + " " + std::to_string(request.part_size) + " ";
  line +=
      request.full_object_checksum ? std::string(to_string(*request.full_object_checksum)) : "-";
  return line + " " + word(format_attributes(attributes));
}

TimePoint read_time(std::istream& words) {
  std::int64_t count = 0;
  words >> count;
  return TimePoint(std::chrono::microseconds(count));
}

void read_line(const std::string& line, UploadRecord* record) {
  std::istringstream words(line);
  std::string kind, text;
  words >> kind;
  if (kind == "upload") {
    CreateUploadRequest& request = record->request;
    words >> text;
    request.key = text_of(text);
    record->initiated = read_time(words);
    const TimePoint modified = read_time(words);
    if (modified.time_since_epoch().count() != unknown_time) request.modified = modified;
    words >> request.size >> request.part_size >> text;
    if (text == to_string(HashAlgorithm::crc32c))
      request.full_object_checksum = HashAlgorithm::crc32c;
    if (text == to_string(HashAlgorithm::crc64nvme))
      request.full_object_checksum = HashAlgorithm::crc64nvme;
    words >> text;
    Attributes attributes = parse_attributes(text_of(text));
    request.metadata = std::move(attributes.metadata);
    request.origin = std::move(attributes.origin);
    return;
  }
  std::uint32_t number = 0;
  WrittenPart part;
  words >> number;
  if (kind == "drop") {
    record->parts.erase(number);
    return;
  }
  words >> part.offset >> part.size;
  record->end = std::max(record->end, part.offset + part.size);
  if (kind != "part") return;  // a place that is kept
  words >> part.checksums.crc64nvme >> part.checksums.crc32c;
  if (part.checksums.crc32c == "-") part.checksums.crc32c.clear();
  record->parts[number] = std::move(part);
}

Result<UploadRecord> read_log(int log, const std::string& shown) {
  std::string text;
  char buffer[64 << 10];
  for (;;) {
    const ssize_t size = ::read(log, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return error_of(errno, shown + " cannot be read");
    if (size == 0) break;
    text.append(buffer, static_cast<std::size_t>(size));
    if (text.size() > log_size_max)
      return Error{ErrorCode::data_corrupted, shown + " is larger than any log of parts", ""};
  }
  UploadRecord record;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    if (end == text.npos) break;
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.ends_with(line_end)) read_line(line, &record);
  }
  return record;
}

bool is_lack_of_room(int problem) {
  return problem == ENOSPC || problem == EDQUOT || problem == EFBIG;
}

// Is the file system smaller than that, even empty?
bool exceeds_file_system(int file, std::uint64_t size) {
  struct statvfs all;
  return ::fstatvfs(file, &all) == 0 && size / all.f_frsize >= all.f_blocks;
}

}  // namespace

std::string WrittenPart::etag() const {
  return "part-" + std::to_string(size) + "-" + checksums.crc64nvme;
}

Result<void> UploadLog::append(const std::string& line) {
  // The newline before it ends what a dead writer may have left cut off.
  const std::string text = "\n" + line + std::string(line_end) + "\n";
  const ssize_t written = ::write(log_.get(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size()))
    return error_of(written < 0 ? errno : ENOSPC, shown_ + " cannot be written");
  if (::fdatasync(log_.get()) != 0)
    return error_of(errno, shown_ + " cannot be written to the disk");
  return Result<void>();
}

Result<std::string> UploadLog::create(Tree& tree, const CreateUploadRequest& request, TimePoint now,
                                      const std::string& unique) {
  const std::string id = id_prefix(request.key) + unique;
  UploadLog log;
  log.shown_ = "the log of an upload of " + tree.name_of(request.key);
  Result<Descriptor> folder = Descriptor();
  const auto make = [&](std::string_view ending, int flags) {
    return Descriptor(::openat(folder->get(), (id + std::string(ending)).c_str(),
                               flags | O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  };
  // Whoever ends the folder's last upload takes the folder away, perhaps just now.
  for (int turn = 0; turn < open_turns_max && !log.data_.is_open(); ++turn) {
    folder = tree.make_directory(folder_of(request.key));
    if (folder.has_error()) return folder.error();
    log.data_ = make(data_ending, 0);
    if (!log.data_.is_open() && errno != ENOENT) break;
  }
  if (!log.data_.is_open())
    return error_of(errno, "an upload of " + tree.name_of(request.key) + " cannot be begun");
  auto begun =
      log.begin(request, tree.name_of(request.key), make(log_ending, O_APPEND), folder->get(), now);
  if (begun.has_value()) return id;
  auto removed = remove(tree, request.key, id);
  (void)removed.has_error();  // what is left is empty, or no upload without its log
  return begun.error();
}

// Takes the room for an upload that was just made, and writes its log's first line.
Result<void> UploadLog::begin(const CreateUploadRequest& request, const std::string& object,
                              Descriptor log, int folder, TimePoint now) {
  if (!log.is_open()) return error_of(errno, shown_ + " cannot be made");
  log_ = std::move(log);
  if (request.size > 0 && ::fallocate(data_.get(), 0, 0, static_cast<off_t>(request.size)) != 0 &&
      is_lack_of_room(errno)) {
    const int problem = errno;
    const std::string what =
        "there is no room for the " + std::to_string(request.size) + " bytes of " + object;
    if (problem != EFBIG && exceeds_file_system(data_.get(), request.size)) {
      // However much is freed. Others may fit.
      return Error{ErrorCode::permission_denied, ErrorReason::file_too_large,
                   what + ": its file system is smaller than that, even if it were empty",
                   "ENOSPC"};
    }
    return error_of(problem, what);
  }
  auto written = append(first_line(request, now));
  if (written.has_error()) return written;
  if (::fsync(data_.get()) != 0 || ::fsync(folder) != 0)
    return error_of(errno, shown_ + " cannot be written to the disk");
  return Result<void>();
}

Result<UploadLog> UploadLog::open(const Tree& tree, const std::string& key,
                                  const std::string& upload_id) {
  if (path_problem(key) || !is_id_of(key, upload_id)) return no_such_upload(tree, key);
  auto folder = tree.open_directory(folder_of(key));
  if (folder.has_error() && folder.error().code == ErrorCode::not_found) {
    auto there = tree.check_still_there();
    if (there.has_error()) return there.error();
    return no_such_upload(tree, key);
  }
  if (folder.has_error()) return folder.error();
  UploadLog upload;
  upload.folder_ = std::move(*folder);
  upload.data_name_ = upload_id + std::string(data_ending);
  upload.shown_ = "the log of an upload of " + tree.name_of(key);
  const std::string log_name = upload_id + std::string(log_ending);
  constexpr int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC;
  upload.log_ = Descriptor(::openat(upload.folder_.get(), log_name.c_str(), flags | O_APPEND));
  if (!upload.log_.is_open() && errno == ENOENT) return no_such_upload(tree, key);
  if (!upload.log_.is_open()) return error_of(errno, upload.shown_ + " cannot be opened");
  // Where there are no locks, there is one process, and its parts have places of their own.
  while (::flock(upload.log_.get(), LOCK_EX) != 0 && errno == EINTR) {
  }
  upload.data_ = Descriptor(::openat(upload.folder_.get(), upload.data_name_.c_str(), flags));
  if (!upload.data_.is_open() && errno == ENOENT) {
    // Completed by a process that died before it could take the log away.
    auto removed = remove(tree, key, upload_id);
    if (removed.has_error()) return removed.error();
    return no_such_upload(tree, key);
  }
  if (!upload.data_.is_open())
    return error_of(errno, "the parts of an upload of " + tree.name_of(key) + " cannot be opened");
  auto record = read_log(upload.log_.get(), upload.shown_);
  if (record.has_error()) return record.error();
  if (record->request.key != key) return no_such_upload(tree, key);
  upload.record_ = std::move(*record);
  return upload;
}

Result<std::vector<UploadInfo>> UploadLog::list(const Tree& tree, const std::string& key,
                                                std::size_t count_max) {
  std::vector<UploadInfo> uploads;
  if (path_problem(key)) return uploads;
  auto folder = tree.open_directory(folder_of(key));
  if (folder.has_error() && folder.error().code == ErrorCode::not_found) return uploads;
  if (folder.has_error()) return folder.error();
  const std::string prefix = id_prefix(key);
  Entries entries(folder->get());
  while (const dirent* entry = entries.next()) {
    std::string name = entry->d_name;
    if (!name.starts_with(prefix) || !name.ends_with(log_ending) || uploads.size() >= count_max)
      continue;
    name.resize(name.size() - log_ending.size());
    auto upload = open(tree, key, name);
    if (upload.has_error() && upload.error().code != ErrorCode::not_found) return upload.error();
    if (upload.has_value()) uploads.push_back({key, name, upload->record_.initiated});
  }
  if (entries.error() != 0)
    return error_of(entries.error(), "the uploads of " + tree.name_of(key) + " cannot be read");
  return uploads;
}

Result<void> UploadLog::remove(const Tree& tree, const std::string& key,
                               const std::string& upload_id) {
  if (path_problem(key) || !is_id_of(key, upload_id)) return Result<void>();
  auto folder = tree.open_directory(folder_of(key));
  if (folder.has_error() && folder.error().code == ErrorCode::not_found)
    return tree.check_still_there();
  if (folder.has_error()) return folder.error();
  // The log first: without it there is no upload.
  for (std::string_view ending : {log_ending, data_ending}) {
    if (::unlinkat(folder->get(), (upload_id + std::string(ending)).c_str(), 0) != 0 &&
        errno != ENOENT) {
      return error_of(errno, "an upload of " + tree.name_of(key) + " cannot be removed");
    }
  }
  tree.prune(folder_of(key));
  return Result<void>();
}

Result<std::uint64_t> UploadLog::reserve(std::uint32_t number, std::uint64_t size) {
  if (record_.parts.erase(number) > 0) {
    auto dropped = append("drop " + std::to_string(number));
    if (dropped.has_error()) return dropped.error();
  }
  const std::uint64_t part_size = record_.request.part_size;
  if (part_size > 0 && size > part_size) {
    return Error{ErrorCode::invalid_argument,
                 "part " + std::to_string(number) + " has " + std::to_string(size) +
                     " bytes, of at most " + std::to_string(part_size) + " that were announced",
                 ""};
  }
  if (part_size > 0) return (number - 1) * part_size;
  const std::uint64_t offset = record_.end;
  auto kept = append("place " + std::to_string(number) + " " + std::to_string(offset) + " " +
                     std::to_string(size));
  if (kept.has_error()) return kept.error();
  record_.end += size;
  return offset;
}

Result<void> UploadLog::add(std::uint32_t number, const WrittenPart& part) {
  const std::string crc32c = part.checksums.crc32c.empty() ? "-" : part.checksums.crc32c;
  auto added = append("part " + std::to_string(number) + " " + std::to_string(part.offset) + " " +
                      std::to_string(part.size) + " " + part.checksums.crc64nvme + " " + crc32c);
  if (added.has_value()) record_.parts[number] = part;
  return added;
}

}  // namespace dth::objects::file
