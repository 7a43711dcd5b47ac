#include "plugins/object_copy/proof.h"

#include "base/encoding.h"
#include "plugins/object_copy/comparison.h"

namespace dth::object_copy {
namespace {

Digest digest_of_hex(std::string_view hex) {
  auto raw = hex_decode(hex);
  if (!raw) return {};
  return Digest(reinterpret_cast<const unsigned char*>(raw->data()), raw->size());
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::string hex_of_base64(const std::string& text) {
  auto raw = base64_decode(text);
  return raw ? hex_encode(as_bytes(*raw)) : std::string();
}

Error contradiction(std::string_view algorithm, const std::string& sent, const std::string& stored) {
  return Error{ErrorCode::data_corrupted,
               "the destination stored other bytes than were sent: their " + std::string(algorithm) + " is " + sent +
                   ", the destination says " + stored,
               ""};
}

}  // namespace

ProofPlan plan_proof(const objects::ObjectHead& source, const objects::StoreLimits& source_limits,
                     const objects::StoreLimits& destination_limits, bool distrust_declared) {
  ProofPlan plan;
  plan.signed_payload = destination_limits.payload_always_signed;
  if (!distrust_declared) {
    if (destination_limits.enforces_checksums && !source.checksums.composite) {
      plan.declared_checksums.crc64nvme = source.checksums.crc64nvme;
      if (plan.has_declared_checksum()) return plan;
      plan.declared_checksums.crc32c = source.checksums.crc32c;
      if (plan.has_declared_checksum()) return plan;
      plan.declared_checksums.sha256 = source.checksums.sha256;
      if (plan.has_declared_checksum()) return plan;
    }
    const bool plain = source.encryption == objects::Encryption::none || source.encryption == objects::Encryption::sse_s3;
    const bool checked = destination_limits.enforces_content_md5 || destination_limits.etag_is_md5;
    if (source_limits.etag_is_md5 && plain && checked && is_md5_etag(source.info.etag)) {
      plan.declared_md5 = digest_of_hex(source.info.etag);
      return plan;
    }
  }
  ProofPlan computed = plan_part_proof(destination_limits);
  return computed;
}

ProofPlan plan_part_proof(const objects::StoreLimits& destination_limits) {
  ProofPlan plan;
  plan.signed_payload = destination_limits.payload_always_signed;
  if (destination_limits.enforces_checksums) {
    plan.compute = HashAlgorithm::crc64nvme;
  } else if (!plan.signed_payload) {
    plan.compute = HashAlgorithm::md5;  // also for a store of which nothing is known: its ETag may turn out to be equal
  }
  return plan;
}

std::string_view Proof::kind_name() const {
  return state::to_string(kind).substr(std::string_view("proof_").size());
}

Result<Proof> judge(const ProofPlan& plan, const StoredDigests& stored, const std::optional<Digest>& computed,
                    bool enforced, const objects::StoreLimits& limits) {
  const std::string stored_md5 = is_md5_etag(stored.etag) ? lower(stored.etag) : std::string();
  if (!plan.declared_md5.empty()) {
    // An ETag that differs is no contradiction here: encryption at the destination changes it, and the header was
    // enforced. Where nothing enforces, only an equal ETag counts.
    if (stored_md5 == plan.declared_md5.hex() || limits.enforces_content_md5) {
      return Proof{state::Counter::proof_declared, "MD5", plan.declared_md5.hex()};
    }
    return Proof{};
  }
  if (plan.has_declared_checksum()) {
    const objects::Checksums& declared = plan.declared_checksums;
    if (!declared.crc64nvme.empty()) return Proof{state::Counter::proof_declared, "CRC64NVME", hex_of_base64(declared.crc64nvme)};
    if (!declared.crc32c.empty()) return Proof{state::Counter::proof_declared, "CRC32C", hex_of_base64(declared.crc32c)};
    return Proof{state::Counter::proof_declared, "SHA256", hex_of_base64(declared.sha256)};
  }
  if (computed && plan.compute) {
    const std::string algorithm(to_string(*plan.compute));
    const bool by_header = *plan.compute == HashAlgorithm::md5 ? limits.enforces_content_md5 : true;
    if (enforced && by_header) return Proof{state::Counter::proof_computed, algorithm, computed->hex()};
    const std::string answered = *plan.compute == HashAlgorithm::crc64nvme ? hex_of_base64(stored.checksums.crc64nvme)
                                 : *plan.compute == HashAlgorithm::md5     ? stored_md5
                                                                           : std::string();
    if (!answered.empty()) {
      if (answered != computed->hex()) {
        // Of a store whose ETags are not known to be MD5s, another one says nothing.
        const bool says_nothing = *plan.compute == HashAlgorithm::md5 && (!limits.etag_is_md5 || stored.opaque_etag);
        if (!says_nothing) return contradiction(algorithm, computed->hex(), answered);
      } else {
        return Proof{state::Counter::proof_computed, algorithm, computed->hex()};
      }
    }
  }
  // A store that refuses chunk signatures was sent the same bytes without: then nobody has checked them.
  if (plan.signed_payload && limits.payload_always_signed) return Proof{state::Counter::proof_computed, "SHA256", ""};
  return Proof{};
}

Result<Proof> judge_checksum(const std::string& source_crc64nvme, const std::string& stored_crc64nvme) {
  const std::string wanted = hex_of_base64(source_crc64nvme), stored = hex_of_base64(stored_crc64nvme);
  if (wanted != stored) return contradiction("CRC64NVME", wanted, stored);
  return Proof{state::Counter::proof_declared, "CRC64NVME", wanted};
}

std::string multipart_etag(const std::vector<std::string>& part_md5s_hex) {
  Hasher hasher(HashAlgorithm::md5);
  for (const std::string& part : part_md5s_hex) hasher.update(digest_of_hex(part).bytes());
  return hasher.finish().hex() + "-" + std::to_string(part_md5s_hex.size());
}

}  // namespace dth::object_copy
