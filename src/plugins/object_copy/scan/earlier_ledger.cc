#include "plugins/object_copy/scan/earlier_ledger.h"

#include <algorithm>
#include <charconv>

#include "ledger/manifest.h"
#include "ledger/reader.h"

namespace dth::object_copy {
namespace {

constexpr std::size_t segments_at_once = 32;  // about 32,000 lines: a tenth of a second

// When it was recorded, size, when reading began, the two ETags. ETags hold no newline.
std::string value_of(const ledger::Line& line) {
  return std::to_string(line.at.time_since_epoch().count()) + "\n" + std::to_string(line.size) +
         "\n" + (line.read_from ? std::to_string(line.read_from->time_since_epoch().count()) : "") +
         "\n" + line.source_etag + "\n" + line.destination_etag;
}

struct Dated {
  TimePoint at{};
  RecordedCopy copy;
};

Dated copy_of(std::string_view value) {
  const auto field = [&value] {
    const std::size_t end = std::min(value.find('\n'), value.size());
    const std::string_view text = value.substr(0, end);
    value.remove_prefix(std::min(end + 1, value.size()));
    return text;
  };
  const auto number = [](std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  };
  Dated dated;
  dated.at = TimePoint(std::chrono::microseconds(number(field())));
  dated.copy.size = static_cast<std::uint64_t>(number(field()));
  if (const std::string_view from = field(); !from.empty())
    dated.copy.read_from = TimePoint(std::chrono::microseconds(number(from)));
  dated.copy.source_etag = field();
  dated.copy.destination_etag = field();
  return dated;
}

// Each ledger's record of a key is kept: behind the key stands which ledger it is.
std::string numbered(std::string_view key, std::size_t ledger) {
  std::string name(key);
  for (int shift : {24, 16, 8, 0}) name += static_cast<char>(ledger >> shift & 0xff);
  return name;
}

}  // namespace

Result<std::shared_ptr<EarlierLedger>> EarlierLedger::open(
    std::vector<std::unique_ptr<ledger::RunFiles>> ledgers, const std::string& temporary_directory,
    std::unique_ptr<BlockingExecutor> blocking) {
  std::shared_ptr<EarlierLedger> earlier(
      new EarlierLedger(temporary_directory, std::move(blocking)));
  for (auto& files : ledgers) {
    auto manifest = ledger::read_manifest(*files);
    if (manifest.has_error() && manifest.error().code == ErrorCode::not_found &&
        manifest.error().reason != ErrorReason::bucket_missing) {
      return Error{
          ErrorCode::invalid_argument,
          "--earlier-ledger: " + files->describe() +
              " is not the ledger of a run that is over: it holds no manifest.json; name the "
              "place that `dth copy` printed at its end",
          ""};
    }
    if (manifest.has_error()) return std::move(manifest.error()).with_context("--earlier-ledger");
    earlier->runs_.push_back({std::move(files), std::move(manifest->segments)});
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
    const std::vector<state::Segment> next(
        run.segments.begin() + static_cast<std::ptrdiff_t>(segment_),
        run.segments.begin() + static_cast<std::ptrdiff_t>(end));
    done =
        ledger::read_segments(*run.files, next, [this](const ledger::Line& line) -> Result<void> {
          if (line.outcome != ledger::Outcome::copied || line.proof == ledger::ProofKind::none)
            return Result<void>();
          if (!line.destination_key.empty()) {
            auto added = written_.add(numbered(line.destination_key, run_), value_of(line));
            if (added.has_error()) return added.error();
          }
          return records_.add(numbered(line.key, run_), value_of(line));
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

Result<std::vector<std::vector<RecordedCopy>>> EarlierLedger::find(
    const std::vector<std::string_view>& keys) {
  std::lock_guard lock(mutex_);
  std::vector<std::vector<Dated>> found(keys.size());
  for (std::size_t run = 0; run < runs_.size(); ++run) {
    std::vector<std::string> names;
    for (const std::string_view key : keys) names.push_back(numbered(key, run));
    const std::vector<std::string_view> views(names.begin(), names.end());
    for (SortedRecords* records : {&written_, &records_}) {
      auto values = records->find(views);
      if (values.has_error()) return values.error();
      for (std::size_t i = 0; i < keys.size(); ++i) {
        if ((*values)[i]) found[i].push_back(copy_of(*(*values)[i]));
      }
    }
  }
  std::vector<std::vector<RecordedCopy>> copies(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::stable_sort(found[i].begin(), found[i].end(),
                     [](const Dated& a, const Dated& b) { return a.at < b.at; });
    for (Dated& dated : found[i]) copies[i].push_back(std::move(dated.copy));
  }
  return copies;
}

}  // namespace dth::object_copy
