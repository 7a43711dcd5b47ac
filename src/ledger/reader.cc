#include "ledger/reader.h"

#include <zstd.h>

#include "ledger/file.h"

namespace dth::ledger {
namespace {

constexpr std::size_t buffer_size_bytes = 256 << 10;
constexpr std::size_t line_size_bytes_max = 256 << 10;
// Ours compress to a tenth or a fiftieth. Beyond it a few bytes would keep a reader busy for hours.
constexpr std::uint64_t expansion_max = 2000;
constexpr int window_log_max = 23;  // 8 MiB of history; ours need less

// One segment of one open file.
class SegmentReader {
 public:
  SegmentReader(const ReadableFile& file, const state::Segment& segment,
                const LineConsumer& consumer)
      : file_(file), segment_(segment), consumer_(consumer), input_(buffer_size_bytes, '\0') {}

  // Does SHA-256 say that these are the bytes that were recorded?
  Result<void> check() {
    Hasher hasher(HashAlgorithm::sha256);
    for (std::uint64_t done = 0; done < segment_.length;) {
      const auto got = read(done);
      if (got.has_error()) return got.error();
      hasher.update(as_bytes(std::string_view(input_.data(), *got)));
      done += *got;
    }
    if (hasher.finish().hex() != segment_.sha256)
      return corrupted("its bytes are not those that were recorded (SHA-256)");
    return {};
  }

  Result<void> give_lines() {
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
    if (context == nullptr)
      return Error{ErrorCode::unavailable, "cannot read the ledger: out of memory", {}};
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, window_log_max);
    std::string output(ZSTD_DStreamOutSize(), '\0');
    std::size_t unfinished = 0;  // 0: a frame has just ended
    for (std::uint64_t done = 0; done < segment_.length;) {
      const auto got = read(done);
      if (got.has_error()) return got.error();
      done += *got;
      ZSTD_inBuffer in{input_.data(), *got, 0};
      bool output_was_full = false;
      while (in.pos < in.size || output_was_full) {
        ZSTD_outBuffer out{output.data(), output.size(), 0};
        unfinished = ZSTD_decompressStream(context.get(), &out, &in);
        if (ZSTD_isError(unfinished) != 0) return corrupted(ZSTD_getErrorName(unfinished));
        output_was_full = out.pos == out.size && unfinished != 0;
        expanded_ += out.pos;
        if (expanded_ > expansion_max * segment_.length)
          return corrupted("it expands to far more than lines do");
        if (auto taken = take(std::string_view(output.data(), out.pos)); taken.has_error())
          return taken.error();
      }
    }
    if (unfinished != 0) return corrupted("its last frame is cut off");
    if (!rest_.empty()) return corrupted("its last line has no end");
    if (lines_ != segment_.items) {
      return corrupted(std::to_string(segment_.items) + " lines were recorded, " +
                       std::to_string(lines_) + " are there");
    }
    return {};
  }

 private:
  Result<std::size_t> read(std::uint64_t done) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(input_.size(), segment_.length - done));
    auto got = file_.read_at(segment_.offset + done, input_.data(), wanted);
    if (got.has_value() && *got < wanted) return corrupted("the file ends within it");
    return got;
  }

  Result<void> take(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      if (rest_.size() + std::min(end, text.size()) > line_size_bytes_max)
        return corrupted("it has a line that is too long");
      if (end == text.npos) {
        rest_ += text;
        return {};
      }
      std::string_view line = text.substr(0, end);
      if (!rest_.empty()) line = rest_ += line;
      auto parsed = parse_line(line);
      if (parsed.has_error()) return corrupted(parsed.error().to_string());
      if (++lines_ > segment_.items)
        return corrupted("it has more lines than the " + std::to_string(segment_.items) +
                         " that were recorded");
      if (auto consumed = consumer_(*parsed); consumed.has_error()) return consumed;
      rest_.clear();
      text.remove_prefix(end + 1);
    }
    return {};
  }

  Error corrupted(std::string why) const {
    return {ErrorCode::data_corrupted,
            "the ledger is damaged: " + file_.path() + ", segment of " +
                std::to_string(segment_.length) + " bytes at offset " +
                std::to_string(segment_.offset) + ": " + std::move(why) +
                "; restore the file from a backup",
            {}};
  }

  const ReadableFile& file_;
  const state::Segment& segment_;
  const LineConsumer& consumer_;
  std::string input_;
  std::string rest_;  // the beginning of a line whose end has not come yet
  std::uint64_t lines_ = 0;
  std::uint64_t expanded_ = 0;
};

}  // namespace

Result<void> read_segments(const RunFiles& files, const std::vector<state::Segment>& segments,
                           const LineConsumer& consumer) {
  std::unique_ptr<ReadableFile> file;  // that of the last segment: neighbours tend to share one
  std::string file_name;
  for (const state::Segment& segment : segments) {
    if (!is_plain_name(segment.file)) {
      return Error{ErrorCode::data_corrupted,
                   "a segment of the ledger names the file \"" + segment.file +
                       "\", which is no file's name",
                   {}};
    }
    if (!file || file_name != segment.file) {
      file.reset();
      auto opened = files.open(segment.file);
      if (opened.has_error()) return opened.error().with_context("reading the ledger");
      file = std::move(*opened);
      file_name = segment.file;
    }
    SegmentReader reader(*file, segment, consumer);
    if (auto checked = reader.check(); checked.has_error()) return checked;
    if (auto given = reader.give_lines(); given.has_error()) return given;
  }
  return {};
}

}  // namespace dth::ledger
