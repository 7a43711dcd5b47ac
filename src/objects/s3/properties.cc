#include "objects/s3/properties.h"

#include <algorithm>

#include <pugixml.hpp>

#include "base/encoding.h"

namespace dth::objects::s3 {

std::string format_tags(const Tags& tags) {
  std::string text;
  for (const auto& [name, value] : tags) {
    if (!text.empty()) text += '&';
    text += percent_encode(name, false) + "=" + percent_encode(value, false);
  }
  return text;
}

void append_properties(const ObjectProperties& properties, net::HttpHeaders* headers) {
  const auto append = [&](const char* name, std::string value) {
    if (!value.empty()) headers->push_back({name, std::move(value)});
  };
  append("x-amz-storage-class", properties.storage_class);
  append("x-amz-acl", properties.canned_acl);
  if (properties.encryption == Encryption::sse_s3) append("x-amz-server-side-encryption", "AES256");
  if (properties.encryption == Encryption::sse_kms) {
    append("x-amz-server-side-encryption", "aws:kms");
    append("x-amz-server-side-encryption-aws-kms-key-id", properties.kms_key_id);
    if (properties.bucket_key) append("x-amz-server-side-encryption-bucket-key-enabled", "true");
  }
  append("x-amz-tagging", format_tags(properties.tags));
  const ObjectLock& lock = properties.lock;
  if (lock.mode != LockMode::none) {
    append("x-amz-object-lock-mode",
           lock.mode == LockMode::governance ? "GOVERNANCE" : "COMPLIANCE");
    append("x-amz-object-lock-retain-until-date",
           format_time(std::chrono::floor<std::chrono::seconds>(lock.retain_until)));
  }
  if (lock.legal_hold) append("x-amz-object-lock-legal-hold", "ON");
}

std::optional<Tags> parse_tags(std::string_view xml) {
  pugi::xml_document document;
  const bool parsed = document.load_buffer(xml.data(), xml.size(),
                                           pugi::parse_default | pugi::parse_ws_pcdata_single);
  const pugi::xml_node set = document.child("Tagging").child("TagSet");
  if (!parsed || !set) return std::nullopt;
  Tags tags;
  for (const pugi::xml_node node : set.children("Tag")) {
    tags.emplace_back(node.child_value("Key"), node.child_value("Value"));
  }
  std::sort(tags.begin(), tags.end());
  return tags;
}

Encryption read_encryption(const net::HttpResponse& response) {
  if (!response.header("x-amz-server-side-encryption-customer-algorithm").empty())
    return Encryption::sse_c;
  const std::string_view kind = response.header("x-amz-server-side-encryption");
  if (kind.starts_with("aws:kms")) return Encryption::sse_kms;  // aws:kms:dsse too
  // Google's and Alibaba's own words, which they use towards S3's clients as well.
  if (!response.header("x-goog-encryption-kms-key-name").empty() ||
      response.header("x-oss-server-side-encryption") == "KMS") {
    return Encryption::sse_kms;
  }
  return kind.empty() ? Encryption::none : Encryption::sse_s3;
}

ObjectLock read_lock(const net::HttpResponse& response) {
  ObjectLock lock;
  const std::string_view mode = response.header("x-amz-object-lock-mode");
  if (mode == "GOVERNANCE") lock.mode = LockMode::governance;
  if (mode == "COMPLIANCE") lock.mode = LockMode::compliance;
  if (const auto until = parse_time(response.header("x-amz-object-lock-retain-until-date")))
    lock.retain_until = *until;
  lock.legal_hold = response.header("x-amz-object-lock-legal-hold") == "ON";
  return lock;
}

}  // namespace dth::objects::s3
