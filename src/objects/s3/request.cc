#include "objects/s3/request.h"

#include <algorithm>
#include <optional>

#include "objects/s3/metadata.h"

namespace dth::objects::s3 {
namespace {

// Bodies larger than this are not begun before the server agrees to take them.
constexpr std::uint64_t expect_continue_size_min = 1 << 20;

// What is computed lies in `*memory`.
std::string_view payload_hash(const Request& request, Payload payload, const OutgoingBody* body,
                              std::string* memory) {
  switch (payload) {
    case Payload::empty:
      return aws::empty_payload_hash;
    case Payload::own:
      return *memory = hash(HashAlgorithm::sha256, as_bytes(request.xml)).hex();
    case Payload::hashed:
      return *memory = hash(HashAlgorithm::sha256, body->first()).hex();
    case Payload::hashed_before:
      return *memory = request.payload_sha256.hex();
    case Payload::chunk_signed:
      return aws::streaming_payload;
    case Payload::unsigned_stream:
    case Payload::unhashed:
    case Payload::anonymous_stream:
      break;
  }
  return aws::unsigned_payload;
}

// Conditional headers where the store is known to heed them. True where one was added.
bool append_precondition(const Request& request, const Endpoint& endpoint,
                         net::HttpHeaders* headers) {
  if (!(endpoint.limits().*request.precondition_limit) && !request.precondition.always)
    return false;
  if (request.precondition.if_absent) headers->push_back({"If-None-Match", "*"});
  if (!request.precondition.if_match.empty()) {
    const std::string& etag = request.precondition.if_match;
    headers->push_back({"If-Match", endpoint.vendor().quotes_put_if_match ? quoted(etag) : etag});
  }
  return request.precondition.if_absent || !request.precondition.if_match.empty();
}

bool takes(const Endpoint& endpoint, AidSet without, TransferAid aid) {
  return endpoint.uses(aid) && !without.has(aid);
}

bool is_checksum(net::HttpHeader header) {
  return header.name.starts_with("x-amz-checksum-") && header.name != "x-amz-checksum-mode";
}

// The aid that one of the operation's own headers is.
std::optional<TransferAid> aid_of(const Request& request, net::HttpHeader header) {
  if (is_checksum(header)) return TransferAid::checksums;
  if (header.name == "Content-MD5") return TransferAid::content_md5;
  // What a deletion is conditional on is not an aid; that of a write see append_precondition().
  if (header.name == "If-Match" && request.method == "GET") return TransferAid::read_condition;
  return std::nullopt;
}

// Returns which aids are among them.
AidSet append_headers(const Request& request, AidSet without, net::HttpHeaders* headers) {
  constexpr AidSet aids =
      AidSet(TransferAid::checksums) | TransferAid::content_md5 | TransferAid::read_condition;
  AidSet used;
  for (const net::HttpHeader header : request.headers) {
    if (const auto aid = aid_of(request, header)) used |= *aid;
  }
  used = used - without;
  if ((without & aids).empty()) {
    headers->append(request.headers);
    return used;
  }
  for (const net::HttpHeader header : request.headers) {
    const auto aid = aid_of(request, header);
    if (!aid || used.has(*aid)) headers->push_back({header.name, header.value});
  }
  return used;
}

constexpr std::string_view encoding_type = "encoding-type";

bool asks_for_encoding(const Request& request) {
  return std::any_of(request.query.begin(), request.query.end(),
                     [](const auto& parameter) { return parameter.first == encoding_type; });
}

std::string query_of(const Request& request, bool without_encoding) {
  if (!without_encoding) return aws::canonical_query(request.query);
  aws::QueryParameters query = request.query;
  std::erase_if(query, [](const auto& parameter) { return parameter.first == encoding_type; });
  return aws::canonical_query(query);
}

}  // namespace

Payload choose_payload(const Request& request, const OutgoingBody* body, const Endpoint& endpoint,
                       bool anonymous, AidSet without) {
  if (!body) return request.xml.empty() ? Payload::empty : Payload::own;
  if (anonymous) return Payload::anonymous_stream;
  if (!endpoint.signs_payload()) return Payload::unsigned_stream;
  if (body->whole()) return Payload::hashed;
  if (!request.payload_sha256.empty()) return Payload::hashed_before;
  return endpoint.signs_chunks() && !without.has(TransferAid::chunk_signatures)
             ? Payload::chunk_signed
             : Payload::unhashed;
}

SignedRequest build_request(const Request& request, Payload payload, AidSet without,
                            const OutgoingBody* body, const Endpoint& endpoint,
                            const aws::Credentials& credentials, aws::Signer& signer,
                            TimePoint now) {
  SignedRequest result;
  Attempt& attempt = result.attempt;
  attempt.without = without;
  const bool may_encode = asks_for_encoding(request);
  const bool encodes = may_encode && takes(endpoint, without, TransferAid::listing_encoding);
  if (encodes) attempt.aids |= TransferAid::listing_encoding;
  const std::string query = query_of(request, may_encode && !encodes);
  net::HttpRequest& http = result.http;
  http.method = request.method;
  http.target = endpoint.address().path_of(request.key);
  const std::size_t path_size = http.target.size();
  if (!query.empty()) http.target.append("?").append(query);
  http.expect_continue = body && body->size() > expect_continue_size_min &&
                         takes(endpoint, without, TransferAid::expect_continue);
  if (http.expect_continue) attempt.aids |= TransferAid::expect_continue;
  http.fresh_connection = request.once;
  http.pooled_size = request.pooled_size;

  net::HttpHeaders& headers = http.headers;
  AidSet left_out = without;
  if (!endpoint.uses(TransferAid::content_md5)) left_out |= TransferAid::content_md5;
  if (!endpoint.uses(TransferAid::read_condition)) left_out |= TransferAid::read_condition;
  attempt.aids |= append_headers(request, left_out, &headers);
  if (request.checksum_mode && takes(endpoint, without, TransferAid::checksum_mode)) {
    headers.push_back({"x-amz-checksum-mode", "ENABLED"});
    attempt.aids |= TransferAid::checksum_mode;
  }
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ObjectsinRequesterPaysBuckets.html
  if (endpoint.options().requester_pays) headers.push_back({"x-amz-request-payer", "requester"});
  std::string content_encoding = request.content_encoding;
  if (payload == Payload::chunk_signed) {
    if (endpoint.vendor().names_chunking) {
      content_encoding =
          content_encoding.empty() ? "aws-chunked" : "aws-chunked," + content_encoding;
    }
    headers.push_back({"x-amz-decoded-content-length", std::to_string(body->size())});
  }
  if (!content_encoding.empty())
    headers.push_back({"Content-Encoding", std::move(content_encoding)});
  const bool is_optional = request.precondition_limit != &StoreLimits::conditional_complete;
  attempt.conditional = request.precondition_limit;
  if (!without.has(TransferAid::precondition) && append_precondition(request, endpoint, &headers) &&
      is_optional) {
    attempt.aids |= TransferAid::precondition;
  }
  attempt.key_use = request.key_use;
  attempt.with_customer_key = endpoint.sends_customer_key(request.key_use);
  if (attempt.with_customer_key) endpoint.options().customer_key->append_headers(&headers);
  attempt.region = endpoint.region();
  attempt.host = endpoint.address().origin.host;
  attempt.has_body = body != nullptr;
  attempt.unsigned_payload = payload == Payload::unsigned_stream;
  if (payload == Payload::chunk_signed) attempt.aids |= TransferAid::chunk_signatures;
  attempt.now = now;
  if (credentials.anonymous()) return result;

  attempt.is_signed = true;
  const TimePoint server_time = endpoint.server_time(now);
  attempt.signed_at = server_time;
  std::string memory;
  const std::string_view digest = payload_hash(request, payload, body, &memory);
  headers.push_back({"x-amz-content-sha256", digest});
  headers.push_back({"x-amz-date", signer.amz_date(server_time)});
  if (!credentials.session_token.empty())
    headers.push_back({"x-amz-security-token", credentials.session_token});
  const aws::SigningInput input{.method = http.method,
                                .host = endpoint.address().authority,
                                .path = std::string_view(http.target).substr(0, path_size),
                                .query = query,
                                .headers = headers,
                                .payload_hash = digest,
                                .region = endpoint.region()};
  result.signature = signer.sign(credentials, input, server_time);
  headers.push_back({"Authorization", result.signature.authorization});
  return result;
}

}  // namespace dth::objects::s3
