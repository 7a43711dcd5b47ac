#include "ledger/verify.h"

#include <algorithm>
#include <limits>

#include "ledger/file.h"
#include "ledger/reader.h"

namespace dth::ledger {
namespace {

// What the lines add up to, by the names of the manifest's totals.
class Tally {
 public:
  Tally() {
    for (std::size_t i = 0; i < outcome_count; ++i) add(total_of(static_cast<Outcome>(i)), 0);
    for (std::size_t i = 0; i < proof_kind_count; ++i) add(total_of(static_cast<ProofKind>(i)), 0);
    add(bytes, 0);
  }

  void add(const Line& line) {
    add(total_of(line.outcome), 1);
    if (line.outcome == Outcome::copied) add(bytes, static_cast<std::int64_t>(line.size));
    if (line.proof) add(total_of(*line.proof), 1);
  }

  const std::map<std::string, std::int64_t, std::less<>>& sums() const { return sums_; }

 private:
  static constexpr std::string_view bytes = "bytes";

  void add(std::string_view total, std::int64_t amount) {
    if (total.empty()) return;
    const auto found = sums_.find(total);
    if (found != sums_.end()) {
      // Sizes may add up to more than there is: then the sum stays at the most, which no total is.
      if (__builtin_add_overflow(found->second, amount, &found->second))
        found->second = std::numeric_limits<std::int64_t>::max();
    } else {
      sums_.emplace(total, amount);
    }
  }

  std::map<std::string, std::int64_t, std::less<>> sums_;
};

class Verifier {
 public:
  explicit Verifier(const VerifyRequest& request) : request_(request) {}

  Result<Verification> run() {
    auto file = request_.files.open(std::string(manifest_name));
    if (file.has_error()) return file.error();
    auto manifest = load_manifest(**file);
    if (manifest.has_error()) {
      if (manifest.error().code != ErrorCode::data_corrupted) return manifest.error();
      report(std::string(manifest_name), 0, manifest.error().to_string());
      return std::move(done_);
    }
    manifest_ = std::move(*manifest);
    auto checked = check_manifest_text(**file);
    if (checked.has_error()) return checked.error();
    check_signer();
    // Nothing is read at the word of a manifest that is not to be believed.
    const bool is_believed = done_.good();
    check_overlaps();
    if (!is_believed || !done_.good()) return finish();
    for (const state::Segment& segment : manifest_.segments) {
      checked = check_segment(segment);
      if (checked.has_error()) return checked.error();
    }
    // Lines that could not be read are missing in the sums.
    if (unread_ == 0) check_totals();
    return finish();
  }

 private:
  Result<Verification> finish() {
    auto checked = check_places();
    if (checked.has_error()) return checked.error();
    manifest_.segments.clear();
    done_.manifest = std::move(manifest_);
    return std::move(done_);
  }

  void report(std::string file, std::uint64_t offset, std::string what) {
    ++done_.problem_count;
    if (done_.problems.size() < Verification::problems_max)
      done_.problems.push_back({std::move(file), offset, std::move(what)});
  }
  void report_manifest(std::uint64_t offset, std::string what) {
    report(std::string(manifest_name), offset, std::move(what));
  }

  // Version 2 is written in one way only, so each byte of it is accounted for.
  Result<void> check_manifest_text(const ReadableFile& file) {
    if (auto root = check_root(manifest_); root.has_error())
      report_manifest(0, root.error().message);
    if (auto signature = check_signature(manifest_); signature.has_error())
      report_manifest(0, signature.error().to_string());
    if (manifest_.version < 2) return {};
    std::uint64_t offset = 0;
    bool differs = false;
    auto compared = render(manifest_, [&](std::string_view text) -> Result<void> {
      if (differs) return {};
      std::string there(text.size(), '\0');
      auto got = file.read_at(offset, there.data(), there.size());
      if (got.has_error()) return got.error();
      there.resize(*got);
      if (there != text) {
        const auto first =
            std::mismatch(text.begin(), text.end(), there.begin(), there.end()).first -
            text.begin();
        report_manifest(
            offset + static_cast<std::uint64_t>(first),
            "the manifest is not written as a manifest of version 2 is: it was altered");
        differs = true;
      }
      offset += text.size();
      return {};
    });
    if (compared.has_error() || differs) return compared;
    const auto size = file.size();
    if (size.has_error()) return size.error();
    if (*size != offset) report_manifest(offset, "something follows the manifest's end");
    return {};
  }

  void check_signer() {
    const auto& keys = request_.public_keys;
    if (keys.empty()) return;
    if (manifest_.version < 2) {
      report_manifest(
          0, "the manifest is of version 1, which is not signed: nothing tells who wrote it");
      return;
    }
    std::string expected;
    for (const PublicKey& key : keys) {
      if (manifest_.public_key == key.hex()) return;
      expected += (expected.empty() ? "" : " or ") + key.hex();
    }
    report_manifest(0, "the manifest was signed with another key: by " + manifest_.public_key +
                           ", not by " + expected);
  }

  Result<void> check_segment(const state::Segment& segment) {
    ++done_.segments;
    std::optional<std::string> least, greatest;
    auto read = read_segments(request_.files, {segment}, [&](const Line& line) -> Result<void> {
      if (!least || line.key < *least) least = line.key;
      if (!greatest || line.key > *greatest) greatest = line.key;
      tally_.add(line);
      ++done_.lines;
      return {};
    });
    if (read.has_error()) {
      if (read.error().code != ErrorCode::data_corrupted &&
          read.error().code != ErrorCode::not_found)
        return read;
      report(segment.file, segment.offset, read.error().to_string());
      ++unread_;
      return {};
    }
    done_.bytes += segment.length;
    if (least.value_or("") != segment.key_least || greatest.value_or("") != segment.key_greatest) {
      report(segment.file, segment.offset,
             "the least and the greatest key of its lines are not those that the manifest tells");
    }
    return {};
  }

  void check_totals() {
    const auto& totals = manifest_.totals;
    for (const auto& [name, sum] : tally_.sums()) {
      const auto told = totals.find(name);
      const std::int64_t total = told == totals.end() ? 0 : told->second;
      if (total == sum) continue;
      report_manifest(0, "the total \"" + name + "\" is " + std::to_string(total) +
                             ", the lines add up to " + std::to_string(sum));
    }
  }

  // Segments must not share bytes, or lines would count twice; and a file of some bytes would be
  // read as often as somebody cared to name it.
  void check_overlaps() {
    std::vector<const state::Segment*> segments;
    segments.reserve(manifest_.segments.size());
    for (const state::Segment& segment : manifest_.segments) segments.push_back(&segment);
    std::ranges::sort(segments, [](const state::Segment* a, const state::Segment* b) {
      return std::tie(a->file, a->offset) < std::tie(b->file, b->offset);
    });
    for (std::size_t i = 1; i < segments.size(); ++i) {
      const state::Segment &before = *segments[i - 1], &segment = *segments[i];
      if (before.file == segment.file && before.offset + before.length > segment.offset)
        report(segment.file, segment.offset, "two segments share these bytes");
    }
  }

  // What lies between and beside the segments is told.
  Result<void> check_places() {
    std::map<std::string, std::uint64_t> covered;  // by file
    for (const state::Segment& segment : manifest_.segments)
      covered[segment.file] += segment.length;
    auto listed = request_.files.list([&](const std::string& name, std::uint64_t size) {
      if (name == manifest_name) return Result<void>();
      const auto found = covered.find(name);
      if (found == covered.end()) {
        if (done_.unknown_files.size() < Verification::problems_max)
          done_.unknown_files.push_back(name);
      } else if (size > found->second) {
        done_.uncovered_bytes += size - found->second;
      }
      return Result<void>();
    });
    if (listed.has_error()) return listed;
    std::sort(done_.unknown_files.begin(), done_.unknown_files.end());
    return {};
  }

  const VerifyRequest& request_;
  Verification done_;
  Manifest manifest_;
  std::uint64_t unread_ = 0;  // segments
  Tally tally_;
};

}  // namespace

Result<Verification> verify(const VerifyRequest& request) { return Verifier(request).run(); }

}  // namespace dth::ledger
