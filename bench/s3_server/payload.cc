#include "payload.h"

#include <cstring>

#include "base/encoding.h"

namespace dth::bench {
namespace {

constexpr std::uint64_t object_bytes_max = 5ULL << 30;  // of one PUT, as S3 has it
constexpr std::uint64_t document_bytes_max = 4 << 20;

std::string_view without_spaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  return text;
}

}  // namespace

Payload::Payload(const Request& request, const Options& options, bool is_object,
                 std::optional<ChunkSigner> signer)
    : signer_(std::move(signer)) {
  if (const std::string* length = request.header("content-length")) {
    const auto value = parse_number(*length);
    if (!value) fail(400, "InvalidRequest", "Content-Length is not a number");
    wire_remaining_ = value.value_or(0);
  }
  size_ = wire_remaining_;
  if (const std::string* content = request.header("x-amz-content-sha256")) {
    if (content->starts_with("STREAMING-")) {
      const bool is_signed = content->starts_with("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
      const std::string* decoded = request.header("x-amz-decoded-content-length");
      const auto value = decoded ? parse_number(*decoded) : std::nullopt;
      if (!value) fail(411, "MissingContentLength", "x-amz-decoded-content-length is missing");
      size_ = value.value_or(0);
      if (!is_signed) signer_.reset();
      if (signer_) chunk_hasher_ = std::make_unique<Hasher>(HashAlgorithm::sha256);
      if (const std::string* trailer = request.header("x-amz-trailer"))
        declared_trailer_ = *trailer;
      AwsChunkedDecoder::Sink sink{[this](std::string_view bytes) { data(bytes); },
                                   [this](std::string_view signature) {
                                     if (!chunk_hasher_) return true;
                                     const Digest digest = chunk_hasher_->finish();
                                     chunk_hasher_->reset();
                                     return signer_->check_chunk(digest, signature);
                                   }};
      chunked_ = std::make_unique<AwsChunkedDecoder>(std::move(sink));
    } else if (*content != "UNSIGNED-PAYLOAD") {
      expect(HashAlgorithm::sha256, *content, "XAmzContentSHA256Mismatch", "x-amz-content-sha256");
    }
  }
  if (size_ > (is_object ? object_bytes_max : document_bytes_max)) {
    fail(400, "EntityTooLarge", "the body is larger than is allowed");
  }
  if (const std::string* md5 = request.header("content-md5"))
    expect(HashAlgorithm::md5, *md5, "BadDigest", "content-md5");
  for (const auto& [name, value] : request.headers) {
    if (is_object)
      expect_checksum_header(name, value);  // CompleteMultipartUpload's is that of the whole object
  }
  if (declared_trailer_ == "x-amz-checksum-crc64nvme") want(HashAlgorithm::crc64nvme);
  if (declared_trailer_ == "x-amz-checksum-crc32c") want(HashAlgorithm::crc32c);
  if (declared_trailer_ == "x-amz-checksum-sha256") want(HashAlgorithm::sha256);
  if (is_object && options.etag == EtagKind::md5) want(HashAlgorithm::md5);
  if (is_object) want(HashAlgorithm::crc64nvme);
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (wanted_[i]) hashers_.emplace_back(static_cast<HashAlgorithm>(i));
  }
  const bool kept = !is_object || !options.discard || size_ < options.discard_bytes_min;
  if (kept && !error_) data_ = std::shared_ptr<char[]>(new char[size_ > 0 ? size_ : 1]);
}

void Payload::fail(int status, std::string code, std::string message) {
  if (!error_) error_ = S3Error{status, std::move(code), std::move(message)};
}

void Payload::expect(HashAlgorithm algorithm, std::string text, const char* code,
                     const char* header) {
  want(algorithm);
  expected_.push_back({algorithm, std::move(text), code, header});
}

void Payload::expect_checksum_header(const std::string& name, const std::string& value) {
  constexpr std::string_view start = "x-amz-checksum-";
  if (!name.starts_with(start)) return;
  const std::string_view kind = std::string_view(name).substr(start.size());
  if (kind == "crc64nvme")
    expect(HashAlgorithm::crc64nvme, value, "BadDigest", "x-amz-checksum-crc64nvme");
  if (kind == "crc32c") expect(HashAlgorithm::crc32c, value, "BadDigest", "x-amz-checksum-crc32c");
  if (kind == "sha256") expect(HashAlgorithm::sha256, value, "BadDigest", "x-amz-checksum-sha256");
  if (kind == "sha1" || kind == "crc32")
    fail(501, "NotImplemented", "this server does not check " + name);
}

std::span<char> Payload::space() {
  if (chunked_ || !data_ || error_) return {};
  return {data_.get() + received_, static_cast<std::size_t>(wire_remaining_)};
}

void Payload::take(std::string_view bytes) {
  wire_remaining_ -= bytes.size();
  if (error_) return;
  if (!chunked_) return data(bytes);
  if (!chunked_->feed(bytes)) fail(400, "InvalidRequest", chunked_->error());
}

void Payload::data(std::string_view bytes) {
  if (received_ + bytes.size() > size_)
    return fail(400, "InvalidRequest", "more bytes than x-amz-decoded-content-length says");
  for (Hasher& hasher : hashers_) hasher.update(as_bytes(bytes));
  if (chunk_hasher_) chunk_hasher_->update(as_bytes(bytes));
  if (data_ && bytes.data() != data_.get() + received_)
    std::memcpy(data_.get() + received_, bytes.data(), bytes.size());
  received_ += bytes.size();
}

void Payload::check_trailers() {
  std::string covered;
  std::string signature;
  for (const auto& [name, value] : chunked_->trailers()) {
    if (name == "x-amz-trailer-signature") {
      signature = value;
      continue;
    }
    covered += name + ":" + value + "\n";
    expect_checksum_header(name, value);
  }
  if (!declared_trailer_.empty() && !covered.starts_with(declared_trailer_ + ":")) {
    fail(400, "MalformedTrailerError", "the trailer that x-amz-trailer names is missing");
  }
  if (signer_ && !declared_trailer_.empty() && !signer_->check_trailer(covered, signature)) {
    fail(403, "SignatureDoesNotMatch", "the trailer's signature is wrong");
  }
}

std::optional<S3Error> Payload::finish() {
  for (Hasher& hasher : hashers_)
    digests_[static_cast<std::size_t>(hasher.algorithm())] = hasher.finish();
  if (error_) return error_;
  if (chunked_ && !chunked_->done()) fail(400, "IncompleteBody", "the last chunk is missing");
  if (received_ != size_) fail(400, "IncompleteBody", "the body is shorter than it said");
  if (chunked_ && !error_) check_trailers();
  for (const Expectation& expected : expected_) {
    const Digest& digest = digests_[static_cast<std::size_t>(expected.algorithm)];
    const std::string_view text = without_spaces(expected.text);
    const bool is_hex = expected.algorithm == HashAlgorithm::sha256 && text.size() == 64;
    if (text != (is_hex ? digest.hex() : digest.base64())) {
      fail(400, expected.code, std::string(expected.header) + " is not that of the bytes received");
    }
  }
  return error_;
}

Part Payload::part(EtagKind etag) const {
  const Digest& md5 = digests_[static_cast<std::size_t>(HashAlgorithm::md5)];
  return {{data_, received_}, make_etag(etag, md5, crc64nvme()), md5, crc64nvme()};
}

}  // namespace dth::bench
