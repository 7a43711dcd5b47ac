#include "cloud/aws/sigv4.h"

#include <algorithm>
#include <cstdio>

#include "base/ascii.h"
#include "base/encoding.h"

namespace dth::aws {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t chunk_signature_size = 64;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Leading and trailing blanks go; runs of them become one.
void append_trimmed(std::string_view value, std::string* out) {
  // Nearly always there is nothing to be done.
  const bool has_run = value.find("  ") != value.npos || value.find('\t') != value.npos;
  if (!has_run && (value.empty() || (!is_blank(value.front()) && !is_blank(value.back())))) {
    out->append(value);
    return;
  }
  bool pending = false;
  bool any = false;
  for (char c : value) {
    if (is_blank(c)) {
      pending = any;
      continue;
    }
    if (pending) out->push_back(' ');
    pending = false;
    any = true;
    out->push_back(c);
  }
}

bool is_signed(std::string_view name) {
  return name != "accept-encoding" && name != "expect" && name != "user-agent" &&
         name != "connection" && name != "authorization";
}

std::size_t hex_digits(std::uint64_t value) {
  std::size_t digits = 1;
  while (value >>= 4) ++digits;
  return digits;
}

std::uint64_t framed_size(std::uint64_t chunk) {
  constexpr std::uint64_t fixed =
      std::string_view(";chunk-signature=").size() + chunk_signature_size + 4;  // two CR LF
  return hex_digits(chunk) + fixed + chunk;
}

}  // namespace

std::string format_amz_date(TimePoint now) {
  std::string text = format_time(now);  // 2026-01-31T23:59:59.999999Z
  text.resize(19);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text += 'Z';
}

std::string canonical_query(const QueryParameters& parameters) {
  QueryParameters encoded;
  encoded.reserve(parameters.size());
  for (const auto& [name, value] : parameters) {
    encoded.emplace_back(percent_encode(name, false), percent_encode(value, false));
  }
  std::sort(encoded.begin(), encoded.end());
  std::string query;
  for (const auto& [name, value] : encoded) {
    if (!query.empty()) query += '&';
    query.append(name).append("=").append(value);
  }
  return query;
}

ChunkSigner::ChunkSigner(const Digest& key, std::string_view amz_date, std::string_view scope,
                         const Digest& seed)
    : key_(key), previous_(seed) {
  prefix_.append(algorithm)
      .append("-PAYLOAD\n")
      .append(amz_date)
      .append("\n")
      .append(scope)
      .append("\n");
}

std::string ChunkSigner::header(Bytes chunk) {
  text_ = prefix_;
  append_hex(previous_.bytes(), &text_);
  text_.append("\n").append(empty_payload_hash).append("\n");
  append_hex(hash(HashAlgorithm::sha256, chunk).bytes(), &text_);
  previous_ = hmac_sha256(key_.bytes(), as_bytes(text_));
  char size[20];
  std::snprintf(size, sizeof size, "%zx", chunk.size());
  std::string header = size;
  header += ";chunk-signature=";
  append_hex(previous_.bytes(), &header);
  header += "\r\n";
  return header;
}

std::uint64_t ChunkSigner::encoded_size(std::uint64_t size, std::uint64_t chunk_size) {
  const std::uint64_t rest = size % chunk_size;
  return size / chunk_size * framed_size(chunk_size) + (rest ? framed_size(rest) : 0) +
         framed_size(0);
}

void Signer::derive_key(const Credentials& credentials, std::string_view region,
                        std::string_view day) {
  if (!key_.empty() && secret_ == credentials.secret_access_key && region_ == region && day_ == day)
    return;
  secret_ = credentials.secret_access_key;
  region_ = region;
  day_ = day;
  const Digest day_key = hmac_sha256(as_bytes("AWS4" + secret_), as_bytes(day));
  const Digest region_key = hmac_sha256(day_key.bytes(), as_bytes(region));
  const Digest service_key = hmac_sha256(region_key.bytes(), as_bytes(service_));
  key_ = hmac_sha256(service_key.bytes(), as_bytes("aws4_request"));
  ++keys_derived_;
}

void Signer::append_canonical_headers(const SigningInput& input) {
  std::size_t names_size = 0;
  for (const net::HttpHeader header : input.headers) names_size += header.name.size();
  names_.resize(names_size);
  char* to = names_.data();
  sorted_.clear();
  sorted_.push_back({"host", input.host});
  for (const net::HttpHeader header : input.headers) {
    const std::string_view name(to, header.name.size());
    to = std::ranges::transform(header.name, to, [](char c) { return ascii_lower(c); }).out;
    if (!is_signed(name)) continue;
    // There are a dozen; those of one name stay in their order.
    const auto place = std::ranges::upper_bound(sorted_, name, {}, &net::HttpHeader::name);
    sorted_.insert(place, {name, header.value});
  }

  signed_headers_.clear();
  std::string_view previous;
  for (const auto& [name, value] : sorted_) {
    if (name == previous) {
      canonical_.back() = ',';  // in place of the line's end
    } else {
      canonical_.append(name).append(":");
      if (!signed_headers_.empty()) signed_headers_ += ';';
      signed_headers_ += name;
    }
    append_trimmed(value, &canonical_);
    canonical_ += '\n';
    previous = name;
  }
}

const std::string& Signer::amz_date(TimePoint now) {
  if (const auto second = std::chrono::floor<std::chrono::seconds>(now);
      amz_date_.empty() || second != amz_date_of_) {
    amz_date_ = format_amz_date(now);
    amz_date_of_ = second;
  }
  return amz_date_;
}

Signature Signer::sign(const Credentials& credentials, const SigningInput& input, TimePoint now) {
  signed_date_ = amz_date(now);
  const std::string_view day = std::string_view(signed_date_).substr(0, 8);
  derive_key(credentials, input.region, day);
  scope_.assign(day)
      .append("/")
      .append(input.region)
      .append("/")
      .append(service_)
      .append("/aws4_request");

  canonical_.assign(input.method)
      .append("\n")
      .append(input.path)
      .append("\n")
      .append(input.query)
      .append("\n");
  append_canonical_headers(input);
  canonical_.append("\n").append(signed_headers_).append("\n").append(input.payload_hash);

  to_sign_.assign(algorithm)
      .append("\n")
      .append(signed_date_)
      .append("\n")
      .append(scope_)
      .append("\n");
  append_hex(hash(HashAlgorithm::sha256, as_bytes(canonical_)).bytes(), &to_sign_);

  Signature result;
  result.signature = hmac_sha256(key_.bytes(), as_bytes(to_sign_));
  result.authorization.reserve(192 + scope_.size() + signed_headers_.size());
  result.authorization.append(algorithm)
      .append(" Credential=")
      .append(credentials.access_key_id)
      .append("/");
  result.authorization.append(scope_)
      .append(", SignedHeaders=")
      .append(signed_headers_)
      .append(", Signature=");
  append_hex(result.signature.bytes(), &result.authorization);
  return result;
}

ChunkSigner Signer::chunk_signer(const Signature& signature) const {
  return ChunkSigner(key_, signed_date_, scope_, signature.signature);
}

}  // namespace dth::aws
