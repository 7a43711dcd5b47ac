#pragma once

#include <optional>

#include "objects/object_store.h"

namespace dth::objects::file {

// The digests of bytes on their way to the disk: CRC64NVME always, and those that somebody has
// stated or will state.
class BodyDigests {
 public:
  // invalid_argument: one was stated that is not computed here (CRC32, SHA-1, composites).
  static Result<BodyDigests> begin(const Digest& content_md5, const Checksums& stated,
                                   bool with_crc32c = false);

  void update(Bytes bytes);

  // What was computed. data_corrupted where it is not what was stated.
  Result<Checksums> finish();

 private:
  Digest content_md5_;
  Checksums stated_;
  Hasher crc64nvme_{HashAlgorithm::crc64nvme};
  std::optional<Hasher> crc32c_;
  std::optional<Hasher> md5_;
  std::optional<Hasher> sha256_;
};

}  // namespace dth::objects::file
