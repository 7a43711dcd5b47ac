#include "plugins/object_copy/rules/proof.h"

#include "base/ascii.h"
#include "base/encoding.h"
#include "plugins/object_copy/rules/comparison.h"

namespace dth::object_copy {
namespace {

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

Error contradiction(std::string_view algorithm, const std::string& sent,
                    const std::string& stored) {
  return Error{ErrorCode::data_corrupted,
               "the destination stored other bytes than were sent: their " +
                   std::string(algorithm) + " is " + sent + ", the destination says " + stored,
               ""};
}

// What both sides state of the whole, compared: a proof where they agree. Nothing where they have
// none in common.
Result<std::optional<Proof>> compare_stated(const objects::Checksums& source,
                                            const objects::Checksums& stored) {
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
    if (!proof)
      proof =
          Proof{ledger::ProofKind::source_checksum, std::string(kind.algorithm), std::move(wanted)};
  }
  return proof;
}

// The source's ETag, where it is an MD5.
Digest md5_of(const objects::ObjectHead& source, const objects::StoreLimits& limits) {
  const bool plain = source.encryption == objects::Encryption::none ||
                     source.encryption == objects::Encryption::sse_s3;
  return limits.etag_is_md5 && plain && is_md5_etag(source.info.etag)
             ? digest_of_hex(source.info.etag)
             : Digest();
}

// The best checksum of the whole that is stated.
objects::Checksums best_of(const objects::Checksums& stated) {
  objects::Checksums best;
  if (stated.composite) return best;
  for (std::string objects::Checksums::*kind :
       {&objects::Checksums::crc64nvme, &objects::Checksums::crc32c, &objects::Checksums::sha256}) {
    best.*kind = stated.*kind;
    if (!(best.*kind).empty()) break;
  }
  return best;
}

// The answered ETag against the MD5 that is known, if both are. Nothing where they are not
// comparable.
Result<std::optional<Proof>> compare_etag(const ProofPlan& plan, const StoredDigests& stored,
                                          const std::optional<Digest>& computed,
                                          const objects::StoreLimits& limits) {
  const bool is_computed = plan.compute == HashAlgorithm::md5 && computed;
  const Digest& md5 = is_computed ? *computed : plan.source_md5;
  if (md5.empty() || !is_md5_etag(stored.etag)) return std::optional<Proof>();
  const std::string sent = md5.hex(), answered = ascii_lower(stored.etag);
  if (sent == answered) {
    return std::optional(Proof{
        is_computed ? ledger::ProofKind::transit_checksum : ledger::ProofKind::source_checksum,
        "MD5", sent});
  }
  // Of a store whose ETags are not known to be MD5s, another one says nothing.
  if (limits.etag_is_md5 && !stored.opaque_etag) return contradiction("MD5", sent, answered);
  return std::optional<Proof>();
}

Proof declared_proof(const ProofPlan& plan) {
  if (!plan.declared_md5.empty())
    return Proof{ledger::ProofKind::source_checksum, "MD5", plan.declared_md5.hex()};
  for (const ChecksumKind& kind : checksum_kinds) {
    const std::string& text = plan.declared_checksums.*kind.member;
    if (!text.empty())
      return Proof{ledger::ProofKind::source_checksum, std::string(kind.algorithm),
                   hex_of_base64(text)};
  }
  return {};
}

}  // namespace

ProofPlan plan_proof(const objects::ObjectHead& source, const objects::StoreLimits& source_limits,
                     const objects::StoreLimits& destination_limits, const ProofDoubts& doubts) {
  ProofPlan plan = plan_part_proof(destination_limits, doubts);
  if (!source.checksums.composite) plan.source_checksums = source.checksums;
  if (doubts.declared) {
    // The ETag that is answered tells these bytes from others.
    if (destination_limits.etag_is_md5 && doubts.etags != EtagsSeen::opaque)
      plan.compute = HashAlgorithm::md5;
    return plan;
  }
  plan.source_md5 = md5_of(source, source_limits);
  const bool checksums = destination_limits.enforces_checksums && !doubts.checksums;
  if (checksums) plan.declared_checksums = best_of(source.checksums);
  const bool md5_is_known =
      destination_limits.enforces_content_md5 || destination_limits.etag_is_md5;
  if (!plan.has_declared_checksum() && md5_is_known) plan.declared_md5 = plan.source_md5;
  // Where ETags may turn out to be no MD5s, a checksum that the destination answers stands in.
  const bool both = checksums && doubts.etags != EtagsSeen::md5s && !plan.declared_md5.empty();
  if (plan.is_declared() && !both) plan.compute.reset();
  return plan;
}

ProofPlan plan_part_proof(const objects::StoreLimits& destination_limits,
                          const ProofDoubts& doubts) {
  ProofPlan plan;
  plan.signed_payload =
      destination_limits.payload_always_signed && destination_limits.verifies_signed_payload;
  if (destination_limits.enforces_checksums && destination_limits.checksum_at_complete &&
      !doubts.checksums) {
    plan.compute = HashAlgorithm::crc64nvme;
  } else if (!plan.signed_payload || destination_limits.etag_is_md5) {
    plan.compute = HashAlgorithm::md5;  // also for a store of which nothing is known: its ETag may
                                        // turn out to be equal
  }
  return plan;
}

Digest digest_of_hex(std::string_view hex) {
  auto raw = hex_decode(hex);
  if (!raw) return {};
  return Digest(reinterpret_cast<const unsigned char*>(raw->data()), raw->size());
}

Result<Proof> judge(const ProofPlan& plan, const StoredDigests& stored,
                    const std::optional<Digest>& computed, const objects::StoreLimits& limits) {
  auto agreed = compare_stated(plan.source_checksums, stored.checksums);
  if (agreed.has_error()) return agreed.error();
  auto by_etag = compare_etag(plan, stored, computed, limits);
  if (by_etag.has_error()) return by_etag.error();
  if (*agreed) return std::move(**agreed);
  if (*by_etag) return std::move(**by_etag);
  if (computed && plan.compute == HashAlgorithm::crc64nvme && !stored.checksums.composite) {
    const std::string answered = hex_of_base64(stored.checksums.crc64nvme);
    if (!answered.empty() && answered != computed->hex())
      return contradiction("CRC64NVME", computed->hex(), answered);
    if (!answered.empty()) return Proof{ledger::ProofKind::transit_checksum, "CRC64NVME", answered};
  }
  if (limits.checks_digests && plan.is_declared()) return declared_proof(plan);
  // A store that refuses chunk signatures was sent the same bytes without: then nobody has checked
  // them. And an ETag that could be compared with an MD5, if one were known, is not passed over.
  const bool verified = limits.payload_always_signed && limits.verifies_signed_payload;
  const bool comparable = limits.etag_is_md5 && !stored.opaque_etag && is_md5_etag(stored.etag);
  if (plan.signed_payload && verified && !comparable)
    return Proof{ledger::ProofKind::transit_checksum, "SHA256", ""};
  return Proof{};
}

std::optional<SentDigest> sent_digest(const ProofPlan& plan,
                                      const std::optional<Digest>& computed) {
  if (computed && plan.compute) return SentDigest{*plan.compute, *computed};
  if (!plan.source_md5.empty()) return SentDigest{HashAlgorithm::md5, plan.source_md5};
  if (!plan.declared_checksums.sha256.empty()) {
    return SentDigest{HashAlgorithm::sha256,
                      digest_of_hex(hex_of_base64(plan.declared_checksums.sha256))};
  }
  if (const auto crc = whole_crc(plan.declared_checksums))
    return SentDigest{crc->algorithm, crc->digest};
  return std::nullopt;
}

Result<Proof> judge_checksum(const std::string& source_crc64nvme,
                             const std::string& stored_crc64nvme) {
  const std::string wanted = hex_of_base64(source_crc64nvme),
                    stored = hex_of_base64(stored_crc64nvme);
  if (wanted != stored) return contradiction("CRC64NVME", wanted, stored);
  return Proof{ledger::ProofKind::source_checksum, "CRC64NVME", wanted};
}

std::optional<WholeCrc> whole_crc(const objects::Checksums& stated) {
  if (stated.composite) return std::nullopt;
  for (const auto& [algorithm, text, size] :
       {std::tuple{HashAlgorithm::crc64nvme, &stated.crc64nvme, 8u},
        std::tuple{HashAlgorithm::crc32c, &stated.crc32c, 4u},
        std::tuple{HashAlgorithm::crc32, &stated.crc32, 4u}}) {
    const Digest digest = digest_of_hex(hex_of_base64(*text));
    if (digest.bytes().size() == size) return WholeCrc{algorithm, digest};
  }
  return std::nullopt;
}

Result<Proof> judge_read(const WholeCrc& source, const Digest& combined) {
  const std::string algorithm(to_string(source.algorithm));
  if (combined == source.digest)
    return Proof{ledger::ProofKind::source_checksum, algorithm, combined.hex()};
  return Error{ErrorCode::data_corrupted,
               "the bytes that were read are not those that the source states: their " + algorithm +
                   " is " + combined.hex() + ", the source says " + source.digest.hex(),
               ""};
}

std::string multipart_etag(const std::vector<std::string>& part_md5s_hex) {
  Hasher hasher(HashAlgorithm::md5);
  for (const std::string& part : part_md5s_hex) hasher.update(digest_of_hex(part).bytes());
  return hasher.finish().hex() + "-" + std::to_string(part_md5s_hex.size());
}

}  // namespace dth::object_copy
