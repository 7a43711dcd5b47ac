#include "objects/s3/metadata.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/encoding.h"
#include "net/header_text.h"
#include "net/http_date.h"
#include "objects/etag.h"
#include "objects/s3/encoded_words.h"
#include "objects/s3/listed_time.h"
#include "objects/s3/properties.h"

namespace dth::objects::s3 {
namespace {

constexpr std::string_view user_prefix = "x-amz-meta-";

bool has_prefix(std::string_view name, std::string_view prefix) {
  return name.size() > prefix.size() &&
         net::equals_ignoring_case(name.substr(0, prefix.size()), prefix);
}

Archive read_archive(const net::HttpResponse& response, std::string_view storage_class) {
  const std::string_view restore = response.header("x-amz-restore");
  if (restore.find("ongoing-request=\"true\"") != restore.npos) return Archive::restoring;
  if (restore.find("ongoing-request=\"false\"") != restore.npos) return Archive::restored;
  if (storage_class == "GLACIER" || storage_class == "DEEP_ARCHIVE") return Archive::archived;
  return response.header("x-amz-archive-status").empty() ? Archive::none : Archive::archived_tier;
}

}  // namespace

std::string without_aws_chunked(std::string_view content_encoding) {
  if (content_encoding.find("aws-chunked") == content_encoding.npos)
    return std::string(content_encoding);
  std::string result;
  while (!content_encoding.empty()) {
    const std::size_t comma = content_encoding.find(',');
    const std::string_view coding = trimmed(content_encoding.substr(0, comma));
    content_encoding.remove_prefix(comma == content_encoding.npos ? content_encoding.size()
                                                                  : comma + 1);
    if (coding.empty() || coding == "aws-chunked") continue;
    if (!result.empty()) result += ",";
    result += coding;
  }
  return result;
}

std::string read_etag(const net::HttpResponse& response) {
  std::string_view etag = response.header("etag");
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"')
    etag = etag.substr(1, etag.size() - 2);
  return std::string(etag);
}

std::string quoted(const std::string& etag) { return "\"" + etag + "\""; }

void drop_malformed(Checksums* checksums) {
  constexpr std::pair<std::string Checksums::*, std::size_t> sizes[] = {{&Checksums::crc32, 4},
                                                                        {&Checksums::crc32c, 4},
                                                                        {&Checksums::crc64nvme, 8},
                                                                        {&Checksums::sha1, 20},
                                                                        {&Checksums::sha256, 32}};
  for (const auto& [algorithm, size] : sizes) {
    std::string& text = checksums->*algorithm;
    if (!text.empty() && !is_base64_of(std::string_view(text).substr(0, text.find('-')), size))
      text.clear();
  }
}

Checksums read_checksums(const net::HttpResponse& response) {
  Checksums checksums;
  const std::string_view type = response.header("x-amz-checksum-type");
  bool composite = type == "COMPOSITE";
  const auto read = [&](std::string_view name, std::string* out) {
    *out = response.header(name);
    composite =
        composite || out->find('-') != out->npos;  // "base64-N"; base64 itself has no hyphen
  };
  read("x-amz-checksum-crc32", &checksums.crc32);
  read("x-amz-checksum-crc32c", &checksums.crc32c);
  read("x-amz-checksum-crc64nvme", &checksums.crc64nvme);
  read("x-amz-checksum-sha1", &checksums.sha1);
  read("x-amz-checksum-sha256", &checksums.sha256);
  // Of an object in parts nobody knows what a checksum without a type is of: some servers leave out
  // the "-N" as well. Only CRC64NVME is never of the parts.
  const auto is_in_parts = [](std::string_view etag, const net::HttpResponse& answer) {
    return etag.find('-') != etag.npos && !is_md5_etag(without_coding(read_etag(answer)));
  };
  if (type.empty() && checksums.crc64nvme.empty() && is_in_parts(response.header("etag"), response))
    composite = true;
  checksums.composite = composite;
  drop_malformed(&checksums);
  return checksums;
}

ObjectHead read_object_head(const net::HttpResponse& response, std::string key,
                            const VendorProfile& vendor) {
  ObjectHead head;
  head.info.key = std::move(key);
  head.info.etag = read_etag(response);
  head.info.storage_class = response.header("x-amz-storage-class");
  head.info.version_id = response.header("x-amz-version-id");
  const std::string_view length = response.header("content-length");
  std::uint64_t size = 0;
  const auto [end, failure] = std::from_chars(length.data(), length.data() + length.size(), size);
  if (failure == std::errc() && end == length.data() + length.size()) head.info.size = size;
  const std::string_view modified = response.header("last-modified");
  if (const auto time = if_known(net::parse_http_date(modified))) {
    head.info.last_modified = *time;
  } else if (const auto other = if_known(parse_time(modified))) {
    head.info.last_modified = *other;
  }

  ObjectMetadata& metadata = head.metadata;
  metadata.content_type = response.header("content-type");
  const std::string_view encoding = response.header("content-encoding");
  metadata.content_encoding = without_aws_chunked(encoding);
  head.framing_kept = metadata.content_encoding.size() != encoding.size() &&
                      encoding.find("aws-chunked") != encoding.npos;
  metadata.content_language = response.header("content-language");
  metadata.content_disposition = response.header("content-disposition");
  metadata.cache_control = response.header("cache-control");
  metadata.expires = response.header("expires");
  metadata.website_redirect_location = response.header("x-amz-website-redirect-location");
  for (const net::HttpHeader header : response.headers) {
    if (net::equals_ignoring_case(header.name, "x-amz-missing-meta")) {
      std::from_chars(header.value.data(), header.value.data() + header.value.size(),
                      head.metadata_missing);
    }
    if (has_prefix(header.name, user_prefix)) {
      metadata.user.emplace_back(
          ascii_lower(header.name.substr(user_prefix.size())),
          vendor.encodes_metadata ? decode_words(header.value) : std::string(header.value));
    }
  }
  std::sort(metadata.user.begin(), metadata.user.end());
  head.checksums = read_checksums(response);
  head.encryption = read_encryption(response);
  head.kms_key_id = response.header("x-amz-server-side-encryption-aws-kms-key-id");
  const std::string_view tags = response.header("x-amz-tagging-count");
  std::from_chars(tags.data(), tags.data() + tags.size(), head.tag_count);
  head.lock = read_lock(response);
  head.archive = read_archive(response, head.info.storage_class);
  return head;
}

std::string append_metadata(const ObjectMetadata& metadata, const VendorProfile& vendor,
                            net::HttpHeaders* headers) {
  std::string left_out;
  const auto append = [&](const char* name, const std::string& value) {
    if (!value.empty()) headers->push_back({name, value});
  };
  append("Content-Type", metadata.content_type);
  append("Content-Language", metadata.content_language);
  append("Content-Disposition", metadata.content_disposition);
  append("Cache-Control", metadata.cache_control);
  append("Expires", metadata.expires);
  append("x-amz-website-redirect-location", metadata.website_redirect_location);
  for (const auto& [name, value] : metadata.user) {
    if (!net::is_token(name)) {
      if (left_out.empty()) left_out = name;
      continue;
    }
    headers->push_back(
        {std::string(user_prefix) + name, vendor.encodes_metadata ? encode_words(value) : value});
  }
  return left_out;
}

void append_checksums(const Checksums& checksums, net::HttpHeaders* headers) {
  const auto append = [&](const char* name, const std::string& value) {
    if (!value.empty()) headers->push_back({name, value});
  };
  append("x-amz-checksum-crc32", checksums.crc32);
  append("x-amz-checksum-crc32c", checksums.crc32c);
  append("x-amz-checksum-crc64nvme", checksums.crc64nvme);
  append("x-amz-checksum-sha1", checksums.sha1);
  append("x-amz-checksum-sha256", checksums.sha256);
}

}  // namespace dth::objects::s3
