#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/body.h"

namespace dth::objects {

// Bytes that follow from a seed, for objects larger than memory. Random access; the same in every
// process.
class SyntheticBytes {
 public:
  explicit SyntheticBytes(std::uint64_t seed);
  // What stands at `offset` and after it.
  void fill(std::uint64_t offset, std::span<std::byte> out) const;

 private:
  std::vector<std::byte> block_;
};

// A run of an object's bytes: kept, synthetic, or only counted.
struct Segment {
  std::uint64_t size = 0;
  std::shared_ptr<const std::string> bytes = {};
  std::shared_ptr<const SyntheticBytes> synthetic = {};

  bool readable() const { return size == 0 || bytes || synthetic; }
};

Segment kept_segment(std::string bytes);
Segment synthetic_segment(std::uint64_t size, std::uint64_t seed);

// A range of segments as a body, in pieces of at most `piece_max` bytes. Like a body from a socket
// it is read once: it cannot be rewound.
std::unique_ptr<Body> make_segments_body(std::vector<Segment> segments, std::uint64_t offset,
                                         std::uint64_t length, std::uint64_t piece_max);

// A body of synthetic bytes that can be rewound, as one from memory or a file can.
std::unique_ptr<Body> make_synthetic_body(std::uint64_t size, std::uint64_t seed);

// CRC64NVME over all of it; nothing where bytes were not kept.
std::optional<Digest> crc64nvme_of(const std::vector<Segment>& segments);

}  // namespace dth::objects
