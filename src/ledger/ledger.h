#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/blocking.h"
#include "base/clock.h"
#include "base/error.h"
#include "ledger/vocabulary.h"
#include "state/state.h"

namespace dth::ledger {

// One line: what became of one item. docs/ledger.md describes the file format.
struct Line {
  std::string key = {};              // of the source, raw bytes
  std::string destination_key = {};  // written only where it differs
  Outcome outcome = Outcome::failed;
  std::uint64_t size = 0;
  std::string source_etag = {};
  std::string source_version = {};
  std::string destination_etag = {};
  std::string destination_version = {};
  std::optional<ProofKind> proof = {};  // only where copied or matched
  std::string algorithm = {};           // "MD5", "SHA256", "CRC64NVME", ...
  std::string checksum = {};            // hex
  std::string error = {};               // only where something is wrong
  TimePoint at{};
  std::optional<TimePoint> read_from = {};  // when reading of the source began; only where copied
};

// The line as JSON with a newline. A key that is not UTF-8 is written as "key_base64".
void append_json(const Line& line, std::string* out);
Result<Line> parse_line(std::string_view json);

// The lines of one job while it runs.
class LineBuffer {
 public:
  void add(const Line& line);
  bool empty() const { return items_ == 0; }
  std::uint64_t items() const { return items_; }
  const std::string& text() const { return text_; }
  const std::string& key_least() const { return key_least_; }
  const std::string& key_greatest() const { return key_greatest_; }

 private:
  std::string text_, key_least_, key_greatest_;
  std::uint64_t items_ = 0;
};

// Where a worker's lines go. append() blocks, and has reached the disk, or the store has confirmed
// the bytes, when it returns. Thread-safe.
class Ledger {
 public:
  virtual ~Ledger() = default;
  virtual Result<state::Segment> append(const std::string& run, const LineBuffer& lines) = 0;

  // append() for a lane: on `blocking`, or where the ledger has threads of its own because it may
  // take long. Not cancelled.
  virtual Async<Result<state::Segment>> write(std::string run, LineBuffer lines,
                                              BlockingExecutor& blocking);

  // Ends all waits for a place that cannot be reached, now and later.
  virtual void request_stop() {}
  // What is waited for, a sentence each.
  virtual std::vector<std::string> waiting() const { return {}; }
};

}  // namespace dth::ledger
