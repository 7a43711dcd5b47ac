#include "objects/testing/content.h"

#include <cstring>
#include <random>

namespace dth::objects {
namespace {

constexpr std::size_t block_size = 64 * 1024;

class SegmentsBody final : public Body {
 public:
  SegmentsBody(std::vector<Segment> segments, std::uint64_t offset, std::uint64_t length,
               std::uint64_t piece_max, bool rewindable)
      : segments_(std::move(segments)),
        offset_(offset),
        length_(length),
        piece_max_(std::min<std::uint64_t>(piece_max, 1 << 20)),
        rewindable_(rewindable) {}

  std::uint64_t size() const override { return length_; }

  Async<Result<Bytes>> next() override {
    if (position_ == length_) co_return Bytes();
    std::uint64_t at = offset_ + position_;
    for (const Segment& segment : segments_) {
      if (at >= segment.size) {
        at -= segment.size;
        continue;
      }
      const std::uint64_t piece = std::min({segment.size - at, length_ - position_, piece_max_});
      buffer_.resize(static_cast<std::size_t>(piece));
      if (segment.bytes) {
        std::memcpy(buffer_.data(), segment.bytes->data() + at, buffer_.size());
      } else {
        segment.synthetic->fill(at, buffer_);
      }
      position_ += piece;
      co_return Bytes(buffer_);
    }
    co_return Error{ErrorCode::internal, "a range beyond the segments", ""};
  }

  bool rewind() override {
    if (rewindable_) position_ = 0;
    return rewindable_;
  }

 private:
  const std::vector<Segment> segments_;
  const std::uint64_t offset_, length_, piece_max_;
  const bool rewindable_;
  std::uint64_t position_ = 0;
  std::vector<std::byte>
      buffer_;  // of its own size, so that reading past a piece is seen by AddressSanitizer
};

}  // namespace

SyntheticBytes::SyntheticBytes(std::uint64_t seed) : block_(block_size) {
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < block_size; i += 8) {
    const std::uint64_t word = random();
    std::memcpy(block_.data() + i, &word, 8);
  }
}

// Every block is the same but for its first eight bytes, which carry its number: cheap, and no two
// places look alike.
void SyntheticBytes::fill(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const std::size_t within = static_cast<std::size_t>(offset % block_size);
    const std::uint64_t number = offset / block_size;
    const std::size_t length = std::min(block_size - within, out.size());
    std::memcpy(out.data(), block_.data() + within, length);
    for (std::size_t i = within; i < 8 && i - within < length; ++i) {
      out[i - within] ^= static_cast<std::byte>(number >> (8 * i));
    }
    out = out.subspan(length);
    offset += length;
  }
}

Segment kept_segment(std::string bytes) {
  Segment segment;
  segment.size = bytes.size();
  segment.bytes = std::make_shared<const std::string>(std::move(bytes));
  return segment;
}

Segment synthetic_segment(std::uint64_t size, std::uint64_t seed) {
  Segment segment;
  segment.size = size;
  segment.synthetic = std::make_shared<const SyntheticBytes>(seed);
  return segment;
}

std::unique_ptr<Body> make_segments_body(std::vector<Segment> segments, std::uint64_t offset,
                                         std::uint64_t length, std::uint64_t piece_max) {
  return std::make_unique<SegmentsBody>(std::move(segments), offset, length, piece_max, false);
}

std::unique_ptr<Body> make_synthetic_body(std::uint64_t size, std::uint64_t seed) {
  return std::make_unique<SegmentsBody>(std::vector<Segment>{synthetic_segment(size, seed)}, 0,
                                        size, 1 << 20, true);
}

std::optional<Digest> crc64nvme_of(const std::vector<Segment>& segments) {
  Hasher hasher(HashAlgorithm::crc64nvme);
  std::vector<std::byte> buffer;
  for (const Segment& segment : segments) {
    if (!segment.readable()) return std::nullopt;
    if (segment.bytes) {
      hasher.update(as_bytes(*segment.bytes));
      continue;
    }
    for (std::uint64_t at = 0; at < segment.size; at += buffer.size()) {
      buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(1 << 20, segment.size - at)));
      segment.synthetic->fill(at, buffer);
      hasher.update(buffer);
    }
  }
  return hasher.finish();
}

}  // namespace dth::objects
