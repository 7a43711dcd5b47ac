#include "ledger/trim.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fcntl.h>
#include <unistd.h>

#include "ledger/file.h"

namespace dth::ledger {
namespace {

// Is it `<worker>-<digits>.ndjson.zst`?
bool is_file_of(std::string_view name, std::string_view worker) {
  if (!name.ends_with(file_suffix)) return false;
  name.remove_suffix(file_suffix.size());
  if (worker.empty()) return true;
  if (!name.starts_with(worker) || name.size() < worker.size() + 2 || name[worker.size()] != '-')
    return false;
  name.remove_prefix(worker.size() + 1);
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Cuts the file after its last recorded segment; the number of bytes that went.
Result<std::uint64_t> cut_after(const std::filesystem::path& directory, const std::string& name,
                                std::uint64_t end) {
  const std::string path = (directory / name).string();
  auto file = File::open(path, O_RDWR | O_NOFOLLOW);
  if (file.has_error() && file.error().code == ErrorCode::not_found) {
    return Error{ErrorCode::data_corrupted,
                 "the ledger is not complete here: the state records lines in " + name +
                     ", and there is no such file in " + directory.string() +
                     ". It was written on another host, or was moved or removed. Move it to this "
                     "directory, or restore it from a backup",
                 {}};
  }
  if (file.has_error()) return file.error();
  const auto size = file->size();
  if (size.has_error()) return size.error();
  if (*size < end) {
    return Error{ErrorCode::data_corrupted,
                 "the ledger is damaged: " + path + " ends at " + std::to_string(*size) +
                     ", within a recorded segment, which ends at " + std::to_string(end) +
                     "; restore the file from a backup",
                 {}};
  }
  if (*size == end) return std::uint64_t{0};
  if (auto truncated = file->truncate(end); truncated.has_error()) return truncated.error();
  if (auto synced = file->sync(); synced.has_error()) return synced.error();
  return *size - end;
}

}  // namespace

Result<std::uint64_t> trim(const TrimRequest& request,
                           const std::vector<state::Segment>& segments) {
  if (!is_plain_name(request.run)) {
    return Error{ErrorCode::invalid_argument,
                 "the run id \"" + request.run + "\" cannot name a directory of the ledger",
                 {}};
  }
  const std::filesystem::path directory = std::filesystem::path(request.directory) / request.run;
  std::map<std::string, std::uint64_t> ends;
  for (const state::Segment& segment : segments) {
    if (!is_file_of(segment.file, request.worker_name)) continue;
    std::uint64_t& end = ends[segment.file];
    end = std::max(end, segment.offset + segment.length);
  }
  std::vector<std::string> names;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(directory, code)) {
    const std::string name = entry.path().filename().string();
    if (is_file_of(name, request.worker_name)) names.push_back(name);
  }
  if (code && code != std::errc::no_such_file_or_directory)
    return file_error("list", directory.string(), code.value());

  std::uint64_t cut = 0;
  for (const std::string& name : names) {
    if (ends.contains(name)) continue;
    const std::string path = (directory / name).string();
    const auto size = std::filesystem::file_size(path, code);
    if (code) return file_error("look at", path, code.value());
    if (::unlink(path.c_str()) != 0) return file_error("remove", path, errno);
    cut += size;
  }
  // By name, not as listed: a listing of a network file system may lag.
  for (const auto& [name, end] : ends) {
    auto went = cut_after(directory, name, end);
    if (went.has_error()) return went.error();
    cut += *went;
  }
  if (cut > 0) {
    if (auto synced = sync_directory(directory.string()); synced.has_error()) return synced.error();
  }
  return cut;
}

}  // namespace dth::ledger
