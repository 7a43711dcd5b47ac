#include "state/sql/archive_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/regular_file.h"
#include "state/archive.h"

namespace dth::state::sql {
namespace {

constexpr std::size_t piece = 1 << 16;
constexpr std::size_t line_max = std::size_t{1} << 30;

Error file_error(const std::string& what, const std::string& path, int error) {
  const ErrorCode code = error == ENOENT                     ? ErrorCode::not_found
                         : error == EACCES || error == EPERM ? ErrorCode::permission_denied
                                                             : ErrorCode::unavailable;
  return {code, "cannot " + what + " " + path + ": check the path, its directory and the disk",
          std::strerror(error)};
}

Error damaged(const std::string& path, const std::string& why) {
  return {ErrorCode::data_corrupted,
          "the backup " + path + " cannot be used: " + why + "; take another one",
          {}};
}

// So that the name of the file lasts too. 0, or the error.
int sync_directory_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const std::string directory = parent.empty() ? "." : parent.string();
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int error = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return error;
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// What the lines were, as the last one says.
struct Seal {
  std::uint64_t lines = 0;
  std::string sha256;
};

// Reads the lines of a compressed file.
class LineReader {
 public:
  LineReader(const std::string& path, std::FILE* file)
      : path_(path), file_(file), context_(ZSTD_createDCtx(), ZSTD_freeDCtx) {}

  // Nothing at the end of the file.
  Result<std::optional<std::string>> next() {
    for (;;) {
      if (const auto end = pending_.find('\n', searched_); end != std::string::npos) {
        std::string line = pending_.substr(0, end);
        pending_.erase(0, end + 1);
        searched_ = 0;
        return std::optional(std::move(line));
      }
      searched_ = pending_.size();
      if (pending_.size() > line_max) return damaged(path_, "a line has no end");
      auto more = fill();
      if (more.has_error()) return more.error();
      if (*more) continue;
      if (!pending_.empty() || !frame_ended_) return damaged(path_, "its end is missing");
      return std::optional<std::string>();
    }
  }

 private:
  Result<bool> fill() {
    if (input_.pos == input_.size) {
      input_ = {.src = bytes_.data(),
                .size = std::fread(bytes_.data(), 1, bytes_.size(), file_),
                .pos = 0};
      if (std::ferror(file_) != 0) return file_error("read", path_, errno);
      if (input_.size == 0) return false;
    }
    std::array<char, piece> text;
    ZSTD_outBuffer output{.dst = text.data(), .size = text.size(), .pos = 0};
    const std::size_t left = ZSTD_decompressStream(context_.get(), &output, &input_);
    if (ZSTD_isError(left) != 0) return damaged(path_, "it is not a backup, or it was changed");
    frame_ended_ = left == 0;
    pending_.append(text.data(), output.pos);
    return true;
  }

  const std::string& path_;
  std::FILE* const file_;
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context_;
  std::array<char, piece> bytes_{};
  ZSTD_inBuffer input_{.src = nullptr, .size = 0, .pos = 0};
  std::string pending_;
  std::size_t searched_ = 0;
  bool frame_ended_ = false;
};

// Nothing where the line is an ordinary one.
std::optional<Seal> seal_of(std::string_view line) {
  if (!line.starts_with("{\"lines\"")) return std::nullopt;
  auto parsed = parse_json(line, "the last line of a backup");
  if (parsed.has_error() || !parsed->is_object()) return std::nullopt;
  JsonObjectReader reader(parsed->get_object(), "the last line of a backup");
  Seal seal{.lines = reader.number("lines"), .sha256 = reader.text("sha256")};
  return seal;
}

}  // namespace

ArchiveWriter::ArchiveWriter(std::string path, std::FILE* file)
    : path_(std::move(path)),
      temporary_(path_ + ".new"),
      file_(file),
      context_(ZSTD_createCCtx(), ZSTD_freeCCtx) {
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
}

Result<std::unique_ptr<ArchiveWriter>> ArchiveWriter::create(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    return Error{ErrorCode::already_exists,
                 "there is a file " + path + " already: name another one for the backup",
                 {}};
  }
  const std::string temporary = path + ".new";
  const int descriptor =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0 && errno == EEXIST) {
    return Error{ErrorCode::already_exists,
                 "there is a file " + temporary +
                     " already: another backup is being written, or one was interrupted; remove "
                     "it if nobody writes it",
                 {}};
  }
  std::FILE* file = descriptor < 0 ? nullptr : ::fdopen(descriptor, "wb");
  if (file == nullptr) return file_error("write", temporary, errno);
  return std::unique_ptr<ArchiveWriter>(new ArchiveWriter(path, file));
}

ArchiveWriter::~ArchiveWriter() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  ::unlink(temporary_.c_str());
}

Error ArchiveWriter::failed() const { return file_error("write", temporary_, errno); }

Result<void> ArchiveWriter::compress(std::string_view bytes, bool is_last) {
  std::array<char, piece> compressed;
  ZSTD_inBuffer input{.src = bytes.data(), .size = bytes.size(), .pos = 0};
  for (;;) {
    ZSTD_outBuffer output{.dst = compressed.data(), .size = compressed.size(), .pos = 0};
    const std::size_t left = ZSTD_compressStream2(context_.get(), &output, &input,
                                                  is_last ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left) != 0)
      return Error{ErrorCode::internal, "compressing a backup failed", ZSTD_getErrorName(left)};
    if (std::fwrite(compressed.data(), 1, output.pos, file_) != output.pos) return failed();
    const bool is_done = is_last ? left == 0 : input.pos == input.size;
    if (is_done) return {};
  }
}

Result<void> ArchiveWriter::add(std::string_view line) {
  ++lines_;
  hasher_.update(as_bytes(line));
  hasher_.update(as_bytes("\n"));
  auto written = compress(line, false);
  return written.has_error() ? written : compress("\n", false);
}

Result<void> ArchiveWriter::end() {
  std::string last;
  JsonObjectWriter writer(&last);
  writer.number("lines", lines_);
  writer.text("sha256", hasher_.finish().hex());
  writer.end();
  if (auto written = compress(last + "\n", true); written.has_error()) return written;
  if (std::fflush(file_) != 0 || ::fsync(::fileno(file_)) != 0) return failed();
  std::FILE* file = std::exchange(file_, nullptr);
  if (std::fclose(file) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary_.c_str());
    return file_error("write", path_, error);
  }
  if (const int error = sync_directory_of(path_); error != 0) {
    ::unlink(path_.c_str());
    return file_error("write", path_, error);
  }
  return {};
}

Result<void> read_archive(const std::string& path,
                          const std::function<Result<void>(std::string_view line)>& line) {
  const bool may_be_read = ::access(path.c_str(), F_OK) != 0 || is_regular_file(path);
  if (!may_be_read) return damaged(path, "it is not a regular file");
  const File file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (file == nullptr) return file_error("read", path, errno);
  LineReader reader(path, file.get());
  Hasher hasher(HashAlgorithm::sha256);
  std::optional<Seal> seal;
  for (std::uint64_t lines = 0;; ++lines) {
    auto next = reader.next();
    if (next.has_error()) return next.error();
    if (!*next) break;
    if (seal) return damaged(path, "something follows its end");
    seal = seal_of(**next);
    if (seal && (seal->lines != lines || seal->sha256 != hasher.finish().hex()))
      return damaged(path, "it was changed after it was written");
    if (seal) continue;
    hasher.update(as_bytes(**next));
    hasher.update(as_bytes("\n"));
    if (auto taken = line(**next); taken.has_error()) return taken;
  }
  if (!seal) return damaged(path, "its end is missing");
  return {};
}

}  // namespace dth::state::sql

namespace dth::state {

Result<void> check_archive(const std::string& file) {
  return sql::read_archive(file, [](std::string_view) { return Result<void>(); });
}

}  // namespace dth::state
