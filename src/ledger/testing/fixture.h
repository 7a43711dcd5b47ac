#pragma once

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "ledger/directory_ledger.h"
#include "ledger/reader.h"
#include "state/testing/temporary_directory.h"

namespace dth::ledger::testing {

using state::testing::TemporaryDirectory;

inline const TimePoint start = TimePoint(std::chrono::hours(24 * 365 * 56));

inline Line line_of(const std::string& key) {
  return {.key = key,
          .outcome = Outcome::copied,
          .size = key.size(),
          .source_etag = "\"e\"",
          .proof = ProofKind::source_checksum,
          .at = start};
}

// Lines with the keys `prefix`0 to `prefix`<count - 1>.
inline LineBuffer lines_of(const std::string& prefix, int count) {
  LineBuffer lines;
  for (int i = 0; i < count; ++i) lines.add(line_of(prefix + std::to_string(i)));
  return lines;
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// What zstd's own program makes of a file, and whether it was content.
inline std::pair<std::string, bool> zstdcat(const std::string& path) {
  std::string text;
  FILE* pipe = ::popen(("zstdcat -q '" + path + "' 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return {text, false};
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    text.append(buffer.data(), got);
  return {text, ::pclose(pipe) == 0};
}

// The keys that the reader gives, in order.
inline Result<std::vector<std::string>> keys_of(const std::string& run_directory,
                                                const std::vector<state::Segment>& segments) {
  std::vector<std::string> keys;
  auto read =
      read_segments(DirectoryFiles(run_directory), segments, [&](const Line& line) -> Result<void> {
        keys.push_back(line.key);
        return {};
      });
  if (read.has_error()) return read.error();
  return keys;
}

template <class T>
std::string why(const Result<T>& result) {
  return result.has_error() ? result.error().to_string() : std::string("it succeeded");
}

}  // namespace dth::ledger::testing
