#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace dth {

using Bytes = std::span<const std::byte>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

enum class HashAlgorithm { md5, sha256, crc32c, crc64nvme, crc32 };

// "MD5", "SHA256", "CRC32C", "CRC64NVME", "CRC32": the spelling of x-amz-checksum-algorithm.
std::string_view to_string(HashAlgorithm algorithm);

// A digest as raw bytes, CRCs big-endian, as S3 wants them before base64. Never allocates.
class Digest {
 public:
  Digest() = default;
  Digest(const unsigned char* bytes, std::size_t size);
  Bytes bytes() const { return {bytes_.data(), size_}; }
  std::string hex() const;
  std::string base64() const;
  bool empty() const { return size_ == 0; }
  bool operator==(const Digest& other) const;

 private:
  std::array<std::byte, 32> bytes_{};
  std::uint8_t size_ = 0;
};

// Computes one digest over any number of updates. MD5 and SHA-256 by OpenSSL; CRCs with the
// processor's instructions where it has them. Movable; reset() makes it as new, without an
// allocation.
class Hasher {
 public:
  explicit Hasher(HashAlgorithm algorithm);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  void update(Bytes bytes);
  Digest finish();  // afterwards only reset() or destruction
  void reset();
  HashAlgorithm algorithm() const { return algorithm_; }

 private:
  struct Impl;
  HashAlgorithm algorithm_;
  std::unique_ptr<Impl> impl_;
};

Digest hash(HashAlgorithm algorithm, Bytes bytes);
Digest hmac_sha256(Bytes key, Bytes message);

// The CRC of a followed by b, from both CRCs and b's length in bytes, without the bytes (for CRCs).
Digest combine_crc(HashAlgorithm algorithm, const Digest& a, const Digest& b, std::uint64_t b_size);

}  // namespace dth
