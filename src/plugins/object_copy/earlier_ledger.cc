#include "plugins/object_copy/earlier_ledger.h"

#include <filesystem>

#include "ledger/manifest.h"
#include "ledger/reader.h"

namespace dth::object_copy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t segments_at_once = 32;  // about 32,000 lines: a tenth of a second

// size, source's ETag, destination's ETag; ETags hold no newline.
std::string value_of(const ledger::Line& line) { return std::to_string(line.size) + "\n" + line.source_etag + "\n" + line.destination_etag; }

RecordedCopy copy_of(const std::string& value) {
  const std::size_t first = value.find('\n'), second = value.find('\n', first + 1);
  RecordedCopy copy;
  copy.size = std::stoull(value.substr(0, first));
  copy.source_etag = value.substr(first + 1, second - first - 1);
  copy.destination_etag = value.substr(second + 1);
  return copy;
}

}  // namespace

Result<std::shared_ptr<EarlierLedger>> EarlierLedger::open(const std::vector<std::string>& directories, const std::string& temporary_directory,
                                                           std::unique_ptr<BlockingExecutor> blocking) {
  std::shared_ptr<EarlierLedger> earlier(new EarlierLedger(temporary_directory, std::move(blocking)));
  for (const std::string& directory : directories) {
    fs::path path = fs::absolute(directory).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();
    auto manifest = ledger::read_manifest(path.parent_path().string(), path.filename().string());
    if (manifest.has_error() && manifest.error().code == ErrorCode::not_found) {
      return Error{ErrorCode::invalid_argument,
                   "--earlier-ledger: " + path.string() + " is not the ledger of a run that is over: it holds no manifest.json; name the "
                   "directory that `dth copy` printed at its end",
                   ""};
    }
    if (manifest.has_error()) return std::move(manifest.error()).with_context("--earlier-ledger");
    earlier->runs_.push_back({path.string(), std::move(manifest->segments)});
  }
  return earlier;
}

Result<bool> EarlierLedger::read_some() {
  std::lock_guard lock(mutex_);
  if (failure_) return *failure_;
  if (finished_) return true;
  Result<void> done;
  if (run_ == runs_.size()) {
    auto sorted = records_.finish_some();
    if (sorted.has_value() && *sorted) sorted = written_.finish_some();
    if (sorted.has_error()) done = sorted.error();
    finished_ = sorted.has_value() && *sorted;
  } else {
    const Run& run = runs_[run_];
    const std::size_t end = std::min(segment_ + segments_at_once, run.segments.size());
    const std::vector<state::Segment> next(run.segments.begin() + static_cast<std::ptrdiff_t>(segment_),
                                           run.segments.begin() + static_cast<std::ptrdiff_t>(end));
    done = ledger::read_segments(run.directory, next, [this](const ledger::Line& line) -> Result<void> {
      if (line.outcome != "copied" || line.proof == "none") return Result<void>();
      if (!line.destination_key.empty()) {
        auto added = written_.add(line.destination_key, value_of(line));
        if (added.has_error()) return added.error();
      }
      return records_.add(line.key, value_of(line));
    });
    segment_ = end;
    if (end == run.segments.size()) {
      ++run_;
      segment_ = 0;
    }
  }
  if (done.has_error()) failure_ = std::move(done.error()).with_context("--earlier-ledger");
  if (failure_) return *failure_;
  return finished_;
}

Result<std::vector<std::optional<RecordedCopy>>> EarlierLedger::find(const std::vector<std::string_view>& keys) {
  std::lock_guard lock(mutex_);
  auto values = records_.find(keys);
  if (values.has_error()) return values.error();
  auto written = written_.find(keys);
  if (written.has_error()) return written.error();
  std::vector<std::optional<RecordedCopy>> copies(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& value = (*values)[i] ? (*values)[i] : (*written)[i];
    if (value) copies[i] = copy_of(*value);
  }
  return copies;
}

}  // namespace dth::object_copy
