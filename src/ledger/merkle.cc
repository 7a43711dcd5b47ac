#include "ledger/merkle.h"

#include "base/encoding.h"
#include "ledger/canonical.h"

namespace dth::ledger {
std::string canonical_bytes(const state::Segment& segment) {
  std::string bytes;
  append_number(static_cast<std::uint64_t>(segment.job), &bytes);
  append_text(segment.file, &bytes);
  append_number(segment.offset, &bytes);
  append_number(segment.length, &bytes);
  append_text(segment.sha256, &bytes);
  append_number(segment.items, &bytes);
  append_text(segment.key_least, &bytes);
  append_text(segment.key_greatest, &bytes);
  return bytes;
}

std::string merkle_root(const std::vector<state::Segment>& segments) {
  if (segments.empty()) return hash(HashAlgorithm::sha256, {}).hex();
  Hasher hasher(HashAlgorithm::sha256);
  std::vector<Digest> level;
  level.reserve(segments.size());
  for (const state::Segment& segment : segments) {
    hasher.reset();
    hasher.update(as_bytes(std::string_view("\0", 1)));
    hasher.update(as_bytes(canonical_bytes(segment)));
    level.push_back(hasher.finish());
  }
  while (level.size() > 1) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < level.size(); i += 2) {
      if (i + 1 == level.size()) {
        level[kept++] = level[i];
        break;
      }
      hasher.reset();
      hasher.update(as_bytes("\1"));
      hasher.update(level[i].bytes());
      hasher.update(level[i + 1].bytes());
      level[kept++] = hasher.finish();
    }
    level.resize(kept);
  }
  return level.front().hex();
}

}  // namespace dth::ledger
