#include "objects/file/digests.h"

namespace dth::objects::file {
namespace {

Error mismatch(std::string_view algorithm, const std::string& stated, const std::string& found) {
  return Error{ErrorCode::data_corrupted,
               "the bytes are not those that were announced: their " + std::string(algorithm) +
                   " is " + found + " and should be " + stated,
               ""};
}

}  // namespace

Result<BodyDigests> BodyDigests::begin(const Digest& content_md5, const Checksums& stated,
                                       bool with_crc32c) {
  if (stated.composite || !stated.crc32.empty() || !stated.sha1.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "a checksum that directories cannot check: CRC32, SHA-1, or one of parts", ""};
  }
  BodyDigests digests;
  digests.content_md5_ = content_md5;
  digests.stated_ = stated;
  if (!content_md5.empty()) digests.md5_.emplace(HashAlgorithm::md5);
  if (with_crc32c || !stated.crc32c.empty()) digests.crc32c_.emplace(HashAlgorithm::crc32c);
  if (!stated.sha256.empty()) digests.sha256_.emplace(HashAlgorithm::sha256);
  return digests;
}

void BodyDigests::update(Bytes bytes) {
  crc64nvme_.update(bytes);
  if (crc32c_) crc32c_->update(bytes);
  if (md5_) md5_->update(bytes);
  if (sha256_) sha256_->update(bytes);
}

Result<Checksums> BodyDigests::finish() {
  Checksums found;
  found.crc64nvme = crc64nvme_.finish().base64();
  if (crc32c_) found.crc32c = crc32c_->finish().base64();
  if (sha256_) found.sha256 = sha256_->finish().base64();
  if (md5_) {
    const Digest md5 = md5_->finish();
    if (!(md5 == content_md5_)) return mismatch("MD5", content_md5_.hex(), md5.hex());
  }
  const auto differs = [](const std::string& stated, const std::string& computed) {
    return !stated.empty() && stated != computed;
  };
  if (differs(stated_.crc64nvme, found.crc64nvme))
    return mismatch("CRC64NVME", stated_.crc64nvme, found.crc64nvme);
  if (differs(stated_.crc32c, found.crc32c))
    return mismatch("CRC32C", stated_.crc32c, found.crc32c);
  if (differs(stated_.sha256, found.sha256))
    return mismatch("SHA-256", stated_.sha256, found.sha256);
  return found;
}

}  // namespace dth::objects::file
