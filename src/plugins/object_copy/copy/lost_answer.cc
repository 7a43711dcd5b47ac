#include "plugins/object_copy/copy/lost_answer.h"

#include "base/encoding.h"
#include "objects/etag.h"

namespace dth::object_copy {
namespace {

// May the object be the one that the write was to replace? One without an ETag may be any.
bool may_be_older(const LostWrite& write, const std::string& etag) {
  if (!write.etag_before) return true;
  return !write.etag_before->empty() && (etag.empty() || is_same_etag(etag, *write.etag_before));
}

}  // namespace

std::optional<std::string> etag_before(const Item& item) {
  return item.replaces_unknown ? std::nullopt : std::optional(item.destination_etag);
}

std::optional<Proof> recognise(const LostWrite& write, const objects::ObjectHead& present) {
  const std::string& etag = present.info.etag;
  if (present.info.size != write.size || may_be_older(write, etag)) return std::nullopt;
  const std::string& stated = present.checksums.crc64nvme;
  if (!write.crc64nvme.empty() && !stated.empty() && !present.checksums.composite) {
    if (stated != write.crc64nvme) return std::nullopt;
    return Proof{ledger::ProofKind::transit_checksum, "CRC64NVME",
                 hex_encode(as_bytes(base64_decode(stated).value_or("")))};
  }
  if (!write.md5.empty() && is_same_etag(etag, write.md5.hex()))
    return Proof{ledger::ProofKind::transit_checksum, "MD5", write.md5.hex()};
  if (!write.parts_etag.empty() && is_same_etag(etag, write.parts_etag))
    return Proof{ledger::ProofKind::transit_checksum, "MD5", ""};
  return std::nullopt;
}

bool may_be_ours(const LostWrite& write, const objects::ObjectHead& present) {
  if (recognise(write, present)) return true;
  const std::string& etag = present.info.etag;
  if (present.info.size != write.size || may_be_older(write, etag)) return false;
  const std::string& stated = present.checksums.crc64nvme;
  if (!write.crc64nvme.empty() && !stated.empty() && !present.checksums.composite)
    return stated == write.crc64nvme;
  const bool is_plain = present.encryption == objects::Encryption::none ||
                        present.encryption == objects::Encryption::sse_s3;
  return !(write.gives_parts_etag && is_plain && !etag.empty());
}

}  // namespace dth::object_copy
