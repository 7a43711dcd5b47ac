#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <unistd.h>

#include "base/encoding.h"
#include "base/ids.h"
#include "base/json_writer.h"
#include "cli/exit_code.h"
#include "cli/ledger_lines.h"

namespace dth::cli {
namespace {

// docs/ledger.md gives these to readers.
const std::vector<std::string> line_columns = {"key",
                                               "key_base64",
                                               "destination_key",
                                               "destination_key_base64",
                                               "outcome",
                                               "size",
                                               "source_etag",
                                               "source_version",
                                               "destination_etag",
                                               "destination_version",
                                               "proof",
                                               "algorithm",
                                               "checksum",
                                               "error",
                                               "at"};

std::string text_or_nothing(const std::string& bytes) { return is_valid_utf8(bytes) ? bytes : ""; }
std::string base64_or_nothing(const std::string& bytes) {
  return is_valid_utf8(bytes) ? "" : base64_encode(as_bytes(bytes));
}
std::string shown(const std::string& text) { return is_valid_utf8(text) ? text : printable(text); }

std::string to_csv_row(const ledger::Line& line) {
  return to_csv({text_or_nothing(line.key), base64_or_nothing(line.key),
                 text_or_nothing(line.destination_key), base64_or_nothing(line.destination_key),
                 std::string(to_string(line.outcome)), std::to_string(line.size),
                 shown(line.source_etag), shown(line.source_version), shown(line.destination_etag),
                 shown(line.destination_version),
                 std::string(line.proof ? to_string(*line.proof) : ""), shown(line.algorithm),
                 shown(line.checksum), shown(line.error), format_time(line.at)});
}

// Standard output, or a file that takes its name when it is whole.
class Sink {
 public:
  explicit Sink(const std::string& path) : path_(path) {}
  ~Sink() {
    if (file_ && file_ != stdout) {
      std::fclose(file_);
      if (!temporary_.empty()) std::remove(temporary_.c_str());
    }
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  Result<void> open() {
    if (path_.empty()) {
      file_ = stdout;
      return Result<void>();
    }
    // A link stays one. What is no file, a device or a pipe, is written to, and stays what it is.
    std::error_code unknown;
    const auto target = std::filesystem::canonical(path_, unknown);
    if (!unknown) path_ = target.string();
    const auto there = std::filesystem::status(path_, unknown);
    if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there)) {
      file_ = std::fopen(path_.c_str(), "w");
      return file_ ? Result<void>() : failure();
    }
    temporary_ = path_ + "." + random_name() + ".new";
    file_ = std::fopen(temporary_.c_str(), "wx");
    return file_ ? Result<void>() : failure();
  }
  Result<void> write(const std::string& text) {
    return std::fwrite(text.data(), 1, text.size(), file_) == text.size() ? Result<void>()
                                                                          : failure();
  }
  Result<void> close() {
    if (std::fflush(file_) != 0) return failure();
    if (file_ == stdout) return Result<void>();
    if (temporary_.empty()) {
      return std::fclose(std::exchange(file_, nullptr)) == 0 ? Result<void>() : failure();
    }
    if (::fsync(::fileno(file_)) != 0 || std::rename(temporary_.c_str(), path_.c_str()) != 0)
      return failure();
    std::fclose(std::exchange(file_, nullptr));
    return Result<void>();
  }

 private:
  Result<void> failure() const {
    const std::string where = path_.empty() ? "standard output" : path_;
    return Error{ErrorCode::unavailable,
                 where + " cannot be written: check its directory and the disk",
                 std::strerror(errno)};
  }

  std::string path_;
  std::string temporary_;  // empty: written to directly
  FILE* file_ = nullptr;
};

Result<void> export_lines(const LedgerExportCommand& command) {
  Sink sink(command.file);
  auto done = sink.open();
  if (done.has_error()) return done;
  const bool csv = command.format == "csv";
  if (csv) done = sink.write(to_csv(line_columns));
  if (done.has_error()) return done;
  done = read_lines(command.read, [&](const ledger::Line& line) {
    std::string text;
    if (csv) {
      text = to_csv_row(line);
    } else {
      ledger::append_json(line, &text);
      escape_display_controls(&text);
    }
    return sink.write(text);
  });
  return done.has_error() ? done : sink.close();
}

}  // namespace

int run_ledger_export(const LedgerExportCommand& command) {
  auto done = export_lines(command);
  return done.has_error() ? print_error(done.error()) : 0;
}

}  // namespace dth::cli
