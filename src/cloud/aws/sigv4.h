#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "cloud/aws/credentials.h"
#include "net/client/http_client.h"

namespace dth::aws {

// AWS Signature Version 4 in the Authorization header. Pure: time and credentials are given,
// nothing is sent.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html

// What x-amz-content-sha256 says instead of a digest.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view streaming_payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
inline constexpr std::string_view empty_payload_hash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// "20130524T000000Z": the value of x-amz-date.
std::string format_amz_date(TimePoint now);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// The parameters, not yet encoded, as the canonical query string: encoded and sorted. What is sent
// must be the same.
std::string canonical_query(const QueryParameters& parameters);

struct SigningInput {
  std::string_view method;
  std::string_view host;   // as Host: carries it
  std::string_view path;   // percent-encoded, as it is sent; never normalised, as S3 wants it
  std::string_view query;  // canonical_query()
  // Those sent, names in any case and order, without Host and Authorization. They must hold
  // x-amz-date.
  const net::HttpHeaders& headers;
  std::string_view payload_hash;  // hexadecimal SHA-256, or one of the words above
  std::string_view region;
};

struct Signature {
  std::string authorization;  // the header's value
  Digest signature;           // seed of a ChunkSigner
};

// Signs the chunks of a body sent as STREAMING-AWS4-HMAC-SHA256-PAYLOAD: each chunk's signature
// covers the one before. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
class ChunkSigner {
 public:
  ChunkSigner() = default;
  ChunkSigner(const Digest& key, std::string_view amz_date, std::string_view scope,
              const Digest& seed);

  // What is sent before `chunk`; after it go CR and LF. The last chunk, also of an empty body, is
  // empty.
  std::string header(Bytes chunk);

  // The whole body's length on the wire, chunks being `chunk_size` bytes but for the last one.
  static std::uint64_t encoded_size(std::uint64_t size, std::uint64_t chunk_size);

 private:
  Digest key_;
  Digest previous_;
  std::string prefix_;  // of the string to sign, up to the previous signature
  std::string text_;
};

// Holds the signing key of the day and buffers that are reused: after the first call signing
// allocates little. Not thread-safe: one lane's.
class Signer {
 public:
  explicit Signer(std::string service) : service_(std::move(service)) {}

  // `now` must be the time in the x-amz-date header. Accept-Encoding, Expect, User-Agent and
  // Connection are left unsigned: proxies change them.
  Signature sign(const Credentials& credentials, const SigningInput& input, TimePoint now);

  // format_amz_date(now), made once a second. Good until the next call of this or of sign().
  const std::string& amz_date(TimePoint now);

  // For the body of the request that sign() was last called for.
  ChunkSigner chunk_signer(const Signature& signature) const;

  // How often a key was derived, for tests.
  std::uint64_t keys_derived() const { return keys_derived_; }

 private:
  void derive_key(const Credentials& credentials, std::string_view region, std::string_view day);
  void append_canonical_headers(const SigningInput& input);

  std::string service_;
  std::string secret_, region_, day_;  // what key_ was derived from
  Digest key_;
  std::uint64_t keys_derived_ = 0;
  std::chrono::sys_seconds amz_date_of_{};
  std::string amz_date_;             // of that second
  std::string signed_date_, scope_;  // of what was signed last
  std::string canonical_, signed_headers_, to_sign_;
  std::string names_;                    // of the headers, in lower case
  std::vector<net::HttpHeader> sorted_;  // views of names_ and of what is signed
};

}  // namespace dth::aws
