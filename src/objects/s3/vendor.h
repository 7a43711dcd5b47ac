#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cloud/aws/s3_hosts.h"
#include "net/client/http_client.h"
#include "objects/store_limits.h"

namespace dth::objects::s3 {

// What is known of one vendor's S3: data, so that no code asks which vendor it talks to. Where the
// vendor does not promise something, it is taken as absent.
struct VendorProfile {
  std::string_view name;
  // A host belongs to the vendor where it is one of these or ends with "." and one of these.
  std::vector<std::string_view> host_suffixes = {};
  // Which of Amazon S3's names are its.
  std::vector<aws::S3HostKind> aws_hosts = {};
  // What its answers begin with, for hosts that do not tell: x-amz-request-id, and the Server
  // header.
  std::string_view request_id_prefix = {};
  std::string_view server_prefix = {};
  bool virtual_host = false;   // buckets are addressed by host
  bool list_v2 = true;         // ListObjectsV2
  bool pages_buckets = false;  // ListBuckets takes max-buckets, prefix and continuation-token
  bool chunk_signing = true;   // STREAMING-AWS4-HMAC-SHA256-PAYLOAD
  bool names_chunking =
      true;  // chunked payloads say Content-Encoding: aws-chunked; false: it would be stored
  bool quotes_put_if_match = true;  // If-Match of a write holds the ETag in quotes, as HTTP has it
  bool names_bucket_region = true;  // CreateBucket takes the region's name as LocationConstraint
  // CopyObject's and UploadPartCopy's condition on the source.
  std::string_view copy_if_match_header = "x-amz-copy-source-if-match";
  bool uploads_encoded_silently =
      false;                 // ListMultipartUploads encodes keys as asked but does not say so
  bool etags = true;         // every object has one, and every answer that is about one has it
  bool request_ids = false;  // every answer has x-amz-request-id
  std::string_view accept_encoding = "identity";
  bool encodes_metadata = false;  // user metadata that is not ASCII travels in encoded words
                                  // (encoded_words.h); false: raw
  StoreLimits limits = {};
};

std::span<const VendorProfile> vendor_profiles();

// Null for an unknown name.
const VendorProfile* find_vendor(std::string_view name);

// The vendor under whose names `host` is; null where no profile says so.
const VendorProfile* vendor_of_host(std::string_view host);

// The vendor that an answer, also a refusing one, gives away; null where it does not.
const VendorProfile* vendor_of_response(const net::HttpResponse& response);

// May what is signed for `host` be sent to `other`? Only where both are the same, or under one name
// that the vendor owns: other names may be anybody's.
bool same_owner(std::string_view host, std::string_view other);

}  // namespace dth::objects::s3
