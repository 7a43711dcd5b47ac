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

struct ChecksumKind {
  std::string_view algorithm;
  std::string objects::Checksums::*member;
};
// The best first.
constexpr ChecksumKind checksum_kinds[] = {{"SHA256", &objects::Checksums::sha256},
                                           {"CRC64NVME", &objects::Checksums::crc64nvme},
                                           {"CRC32C", &objects::Checksums::crc32c},
                                           {"SHA1", &objects::Checksums::sha1},
                                           {"CRC32", &objects::Checksums::crc32}};

Error contradiction(std::string_view algorithm, const std::string& sent, const std::string& stored) {
  return Error{ErrorCode::data_corrupted,
               "the destination stored other bytes than were sent: their " + std::string(algorithm) + " is " + sent +
                   ", the destination says " + stored,
               ""};
}

// What both sides state of the whole, compared: a proof where they agree. Nothing where they have none in common.
Result<std::optional<Proof>> compare_stated(const objects::Checksums& source, const objects::Checksums& stored) {
  std::optional<Proof> proof;
  if (source.composite || stored.composite) return proof;
  for (const ChecksumKind& kind : checksum_kinds) {
    const std::string &ours = source.*kind.member, &theirs = stored.*kind.member;
    if (ours.empty() || theirs.empty()) continue;
    std::string wanted = hex_of_base64(ours);
    if (wanted.empty()) continue;
    if (theirs != ours) {
      const std::string answered = hex_of_base64(theirs);
      if (answered.empty()) continue;
      if (wanted != answered) return contradiction(kind.algorithm, wanted, answered);
    }
    if (!proof) proof = Proof{state::Counter::proof_declared, std::string(kind.algorithm), std::move(wanted)};
  }
  return proof;
}

ProofPlan plan_declared_or_computed(const objects::ObjectHead& source, const objects::StoreLimits& source_limits,
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
  return plan_part_proof(destination_limits);
}

}  // namespace

ProofPlan plan_proof(const objects::ObjectHead& source, const objects::StoreLimits& source_limits,
                     const objects::StoreLimits& destination_limits, bool distrust_declared) {
  ProofPlan plan = plan_declared_or_computed(source, source_limits, destination_limits, distrust_declared);
  if (!source.checksums.composite) plan.source_checksums = source.checksums;
  return plan;
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
  auto agreed = compare_stated(plan.source_checksums, stored.checksums);
  if (agreed.has_error()) return agreed.error();
  const std::string stored_md5 = is_md5_etag(stored.etag) ? lower(stored.etag) : std::string();
  if (!plan.declared_md5.empty()) {
    // An ETag that differs is no contradiction here: encryption at the destination changes it, and the header was
    // enforced. Where nothing enforces, only an equal ETag counts.
    if (stored_md5 == plan.declared_md5.hex() || limits.enforces_content_md5) {
      return Proof{state::Counter::proof_declared, "MD5", plan.declared_md5.hex()};
    }
    return agreed->value_or(Proof{});
  }
  if (*agreed) return **agreed;
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

std::optional<WholeCrc> whole_crc(const objects::Checksums& stated) {
  if (stated.composite) return std::nullopt;
  for (const auto& [algorithm, text, size] : {std::tuple{HashAlgorithm::crc64nvme, &stated.crc64nvme, 8u},
                                              std::tuple{HashAlgorithm::crc32c, &stated.crc32c, 4u},
                                              std::tuple{HashAlgorithm::crc32, &stated.crc32, 4u}}) {
    const Digest digest = digest_of_hex(hex_of_base64(*text));
    if (digest.bytes().size() == size) return WholeCrc{algorithm, digest};
  }
  return std::nullopt;
}

Result<Proof> judge_read(const WholeCrc& source, const Digest& combined) {
  const std::string algorithm(to_string(source.algorithm));
  if (combined == source.digest) return Proof{state::Counter::proof_declared, algorithm, combined.hex()};
  return Error{ErrorCode::data_corrupted,
               "the bytes that were read are not those that the source states: their " + algorithm + " is " + combined.hex() +
                   ", the source says " + source.digest.hex(),
               ""};
}

std::string multipart_etag(const std::vector<std::string>& part_md5s_hex) {
  Hasher hasher(HashAlgorithm::md5);
  for (const std::string& part : part_md5s_hex) hasher.update(digest_of_hex(part).bytes());
  return hasher.finish().hex() + "-" + std::to_string(part_md5s_hex.size());
}

}  // namespace dth::object_copy
