#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "options.h"

namespace dth::bench {

// Bytes that were received, or only their number where they were not kept.
struct Piece {
  std::shared_ptr<const char[]> data;  // null: not kept
  std::uint64_t size = 0;
};

// What one body came to: an object, or a part of one.
struct Part {
  Piece piece;
  std::string etag;
  Digest md5;
  Digest crc64nvme;
};

// An object as it is stored. Never changes once others see it.
struct Object {
  std::uint64_t size = 0;
  std::string etag;  // without quotes
  Digest crc64nvme;
  std::string last_modified_iso;   // "2026-11-01T00:00:00.000Z", for listings
  std::string last_modified_http;  // for headers
  std::vector<std::pair<std::string, std::string>>
      headers;  // stored with it and sent back as they came
  std::vector<Piece> pieces;
  std::int64_t pattern_offset = -1;  // synthetic: where in the pattern its content begins

  // Can it be read? Not where its bytes were discarded.
  bool readable() const;
  // Bytes of the content from `offset` on, as many as lie together, at least one; precondition:
  // offset < size.
  std::string_view at(std::uint64_t offset) const;
};

// The time of now in both forms.
void set_last_modified(Object* object);

// The objects of one --synthetic option. Their keys sort as their numbers do. Thread-safe.
class SyntheticRange {
 public:
  SyntheticRange(SyntheticOptions options, EtagKind etag);
  std::string key(std::uint64_t index) const;
  std::uint64_t count() const { return options_.count; }
  // The least index whose key is not less than `key`; count() where there is none.
  std::uint64_t lower_bound(std::string_view key) const;
  // The object of that name, or null.
  std::shared_ptr<const Object> find(std::string_view key) const;
  std::shared_ptr<const Object> object(std::uint64_t index) const;

 private:
  void make() const;
  SyntheticOptions options_;
  EtagKind etag_;
  // A few different contents shared by all, hashed when one is first asked for.
  mutable std::once_flag made_;
  mutable std::vector<std::shared_ptr<const Object>> variants_;
};

// The ETag of one body: MD5, or "crc64-" and the CRC64NVME, which nobody takes for an MD5.
std::string make_etag(EtagKind kind, const Digest& md5, const Digest& crc64nvme);

}  // namespace dth::bench
