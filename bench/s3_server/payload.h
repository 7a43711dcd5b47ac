#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "aws_chunked.h"
#include "object.h"
#include "options.h"
#include "request.h"
#include "signature.h"

namespace dth::bench {

// The body of one request on its way in: framing taken off, hashed as its headers ask, kept or only
// counted.
class Payload {
 public:
  // `is_object`: the bytes of an object or part, which may be discarded and have an ETag; else a
  // small document. Sets `error` where the headers are wrong already; the body has to be read all
  // the same.
  Payload(const Request& request, const Options& options, bool is_object,
          std::optional<ChunkSigner> signer);

  // Bytes still to come off the wire.
  std::uint64_t wire_remaining() const { return wire_remaining_; }
  // Where they may be put directly; empty where they have to go through a buffer of the caller's.
  std::span<char> space();
  // Takes bytes off the wire: those just put into space(), or others. Precondition: no more than
  // wire_remaining().
  void take(std::string_view bytes);

  // After the last byte: what was found wrong, if anything.
  std::optional<S3Error> finish();

  // After finish().
  std::uint64_t size() const { return received_; }
  std::string_view text() const {
    return {data_.get(), data_ ? static_cast<std::size_t>(received_) : 0};
  }
  Part part(EtagKind etag) const;
  const Digest& crc64nvme() const {
    return digests_[static_cast<std::size_t>(HashAlgorithm::crc64nvme)];
  }

 private:
  void want(HashAlgorithm algorithm) { wanted_[static_cast<std::size_t>(algorithm)] = true; }
  void expect(HashAlgorithm algorithm, std::string text, const char* code, const char* header);
  void expect_checksum_header(const std::string& name, const std::string& value);
  void data(std::string_view bytes);
  void check_trailers();
  void fail(int status, std::string code, std::string message);

  struct Expectation {
    HashAlgorithm algorithm;
    std::string text;  // base64, or hex where it has 64 digits of a SHA-256
    const char* code;
    const char* header;
  };
  std::optional<S3Error> error_;
  std::optional<ChunkSigner> signer_;
  std::unique_ptr<Hasher> chunk_hasher_;
  std::unique_ptr<AwsChunkedDecoder> chunked_;
  std::vector<Expectation> expected_;
  std::array<bool, 4> wanted_{};
  std::vector<Hasher> hashers_;
  std::array<Digest, 4> digests_{};
  std::shared_ptr<char[]> data_;
  std::uint64_t size_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t wire_remaining_ = 0;
  std::string declared_trailer_;
};

}  // namespace dth::bench
