#pragma once

#include <optional>
#include <string>

#include "ledger/vocabulary.h"
#include "objects/requests.h"
#include "objects/store_limits.h"

namespace dth::object_copy {

// What will show that the destination holds the bytes of the source. A digest that is sent is not a
// digest that was checked: what counts is what the destination answers.
struct ProofPlan {
  // The source's own digests, sent along, so that a destination that knows them refuses other
  // bytes.
  Digest declared_md5 = {};
  objects::Checksums declared_checksums = {};
  // All that it declares of the whole object, to be held against what the destination answers.
  objects::Checksums source_checksums = {};
  Digest source_md5 = {};  // its ETag, where that is known to be an MD5
  // A digest to be computed on the way.
  std::optional<HashAlgorithm> compute = {};
  // The destination verifies the SHA-256 that our signature covers.
  bool signed_payload = false;

  bool is_declared() const { return !declared_md5.empty() || has_declared_checksum(); }
  bool has_declared_checksum() const {
    return !declared_checksums.crc64nvme.empty() || !declared_checksums.crc32c.empty() ||
           !declared_checksums.sha256.empty();
  }
};

// Are a destination's ETags the MD5s that its profile says? Encryption by default makes others of
// them.
enum class EtagsSeen { none, md5s, opaque };

// What was learnt not to be relied on.
struct ProofDoubts {
  bool declared =
      false;  // what the source declared was refused or contradicted once: compute instead
  bool checksums = false;  // the destination does not answer checksums, whatever its profile says
  EtagsSeen etags = EtagsSeen::none;
};

// Chooses the cheapest proof of a whole object in one PUT.
ProofPlan plan_proof(const objects::ObjectHead& source, const objects::StoreLimits& source_limits,
                     const objects::StoreLimits& destination_limits, const ProofDoubts& doubts);

// The same for a part, where nothing can be declared: sources have no digests of our parts.
ProofPlan plan_part_proof(const objects::StoreLimits& destination_limits,
                          const ProofDoubts& doubts);

struct Proof {
  ledger::ProofKind kind = ledger::ProofKind::none;
  std::string algorithm;  // "MD5", ...; empty for none
  std::string checksum;   // hex; empty where only the signature's hash was checked
};

// What the store answered to a PUT or UploadPart.
struct StoredDigests {
  std::string etag;
  objects::Checksums checksums;
  // Encryption makes of the ETag something else than an MD5: an equal one is as good, another says
  // nothing. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
  bool opaque_etag = false;
};

// Of a PutResult or a PartResult.
template <class Answer>
StoredDigests digests_of(const Answer& answer) {
  const bool opaque = answer.encryption == objects::Encryption::sse_kms ||
                      answer.encryption == objects::Encryption::sse_c;
  return {answer.etag, answer.checksums, opaque};
}

// Did the proof succeed? data_corrupted where the answer contradicts what was sent: the object must
// be copied again. `computed` is the digest of plan.compute, over the bytes that were sent.
Result<Proof> judge(const ProofPlan& plan, const StoredDigests& stored,
                    const std::optional<Digest>& computed,
                    const objects::StoreLimits& destination_limits);

// Empty for what is not hexadecimal.
Digest digest_of_hex(std::string_view hex);

// A digest of all the bytes that were sent.
struct SentDigest {
  HashAlgorithm algorithm = HashAlgorithm::md5;
  Digest digest;
};

// Which one is known: what was computed, else what the source declares. Nothing where none is.
std::optional<SentDigest> sent_digest(const ProofPlan& plan, const std::optional<Digest>& computed);

// Of a copy that the store made within itself: the source's CRC64NVME against the copy's, both in
// S3's text form. data_corrupted where they differ.
Result<Proof> judge_checksum(const std::string& source_crc64nvme,
                             const std::string& stored_crc64nvme);

// A CRC of a whole object, which can be told from the CRCs of its parts.
struct WholeCrc {
  HashAlgorithm algorithm = HashAlgorithm::crc64nvme;
  Digest digest;
};

// The best one that is stated; none where none is, or where it is a composite of parts.
std::optional<WholeCrc> whole_crc(const objects::Checksums& stated);

// What was read in parts against what the source states of the whole: the proof that these are its
// bytes. data_corrupted where they differ.
Result<Proof> judge_read(const WholeCrc& source, const Digest& combined);

// The ETag that S3 gives to an object of these parts: hex(MD5(the parts' MD5s)) and "-N".
std::string multipart_etag(const std::vector<std::string>& part_md5s_hex);

}  // namespace dth::object_copy
