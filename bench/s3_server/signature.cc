#include "signature.h"

#include <algorithm>

#include "base/encoding.h"

namespace dth::bench {
namespace {

std::string raw(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes().data()), digest.bytes().size()};
}

Digest hmac(std::string_view key, std::string_view message) {
  return hmac_sha256(as_bytes(key), as_bytes(message));
}

Digest sha256(std::string_view text) { return hash(HashAlgorithm::sha256, as_bytes(text)); }

// The value of `name=` in "Credential=..., SignedHeaders=..., Signature=...".
std::string_view field(std::string_view text, std::string_view name) {
  const std::size_t start = text.find(std::string(name) + "=");
  if (start == text.npos) return {};
  text = text.substr(start + name.size() + 1);
  return text.substr(0, text.find_first_of(", "));
}

std::string canonical_query(const Request& request) {
  std::vector<std::pair<std::string, std::string>> encoded;
  for (const auto& [name, value] : request.query) {
    encoded.emplace_back(percent_encode(name, false), percent_encode(value, false));
  }
  std::sort(encoded.begin(), encoded.end());
  std::string result;
  for (const auto& [name, value] : encoded)
    result += (result.empty() ? "" : "&") + name + "=" + value;
  return result;
}

S3Error denied(std::string why) { return {403, "SignatureDoesNotMatch", std::move(why)}; }

}  // namespace

std::optional<S3Error> check_signature(const Request& request, const Keys& keys,
                                       ChunkSigner* signer) {
  const std::string* authorization = request.header("authorization");
  const std::string* time = request.header("x-amz-date");
  const std::string* payload = request.header("x-amz-content-sha256");
  if (authorization == nullptr || !authorization->starts_with("AWS4-HMAC-SHA256 ")) {
    return S3Error{403, "AccessDenied", "the request is not signed"};
  }
  if (time == nullptr || time->size() != 16)
    return S3Error{403, "AccessDenied", "x-amz-date is missing"};
  if (payload == nullptr) return S3Error{400, "InvalidRequest", "x-amz-content-sha256 is missing"};
  const std::string_view credential = field(*authorization, "Credential");
  const std::string_view signed_headers = field(*authorization, "SignedHeaders");
  const std::size_t slash = credential.find('/');
  if (credential.substr(0, slash) != keys.access_key_id)
    return S3Error{403, "InvalidAccessKeyId", "no such key"};
  signer->scope = std::string(slash == credential.npos ? "" : credential.substr(slash + 1));
  signer->time = *time;

  std::string canonical = request.method + "\n" +
                          percent_encode(*percent_decode(request.path), true) + "\n" +
                          canonical_query(request) + "\n";
  for (std::string_view rest = signed_headers; !rest.empty();) {
    const std::size_t end = rest.find(';');
    const std::string_view name = rest.substr(0, end);
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
    const std::string* value = request.header(name);
    canonical += std::string(name) + ":" + (value ? *value : "") + "\n";
  }
  const std::string all = ";" + std::string(signed_headers) + ";";
  for (const auto& [name, value] : request.headers) {
    const bool must = name == "host" || name == "content-md5" || name.starts_with("x-amz-");
    if (must && all.find(";" + name + ";") == all.npos)
      return S3Error{403, "AccessDenied", "not signed: " + name};
  }
  canonical += "\n" + std::string(signed_headers) + "\n" + *payload;

  // scope: date/region/service/aws4_request
  std::string key = "AWS4" + keys.secret_access_key;
  for (std::string_view rest = signer->scope; !rest.empty();) {
    const std::size_t end = rest.find('/');
    key = raw(hmac(key, rest.substr(0, end)));
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
  }
  signer->signing_key = key;
  const std::string to_sign =
      "AWS4-HMAC-SHA256\n" + *time + "\n" + signer->scope + "\n" + sha256(canonical).hex();
  signer->previous = hmac(key, to_sign).hex();
  if (signer->previous != field(*authorization, "Signature")) {
    return denied("the signature should cover this canonical request: " + printable(canonical));
  }
  return std::nullopt;
}

bool ChunkSigner::check_chunk(const Digest& data_sha256, std::string_view signature) {
  previous = hmac(signing_key, "AWS4-HMAC-SHA256-PAYLOAD\n" + time + "\n" + scope + "\n" +
                                   previous + "\n" + sha256("").hex() + "\n" + data_sha256.hex())
                 .hex();
  return previous == signature;
}

bool ChunkSigner::check_trailer(std::string_view trailers, std::string_view signature) {
  previous = hmac(signing_key, "AWS4-HMAC-SHA256-TRAILER\n" + time + "\n" + scope + "\n" +
                                   previous + "\n" + sha256(trailers).hex())
                 .hex();
  return previous == signature;
}

}  // namespace dth::bench
