#include "objects/s3/vendor.h"

#include <algorithm>
#include <cstdint>

namespace dth::objects::s3 {
namespace {

constexpr std::uint64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib, tib = 1024 * gib;

StoreLimits aws_limits() {
  return StoreLimits{.enforces_checksums = true, .conditional_copy = true};
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html
StoreLimits directory_bucket_limits() {
  StoreLimits limits = aws_limits();
  limits.etag_is_md5 = limits.multipart_etag_is_md5_of_md5s = false;
  limits.etag_is_never_md5 = true;
  return limits;
}

// What every server that calls itself compatible can be trusted with, and no more.
StoreLimits cautious_limits() {
  return StoreLimits{.object_size_max = 5 * tib,
                     .conditional_put = false,
                     .conditional_complete = false,
                     .conditional_remove = false,
                     .etag_is_md5 = false,
                     .multipart_etag_is_md5_of_md5s = false,
                     .enforces_content_md5 = false,
                     .verifies_signed_payload = false,
                     .server_side_copy = false,
                     .server_side_copy_parts = false,
                     .copies_as_asked = false,
                     .tags = false,
                     .acls = false,
                     .object_lock = false,
                     .uploads_as_asked = false,
                     .keeps_names = false};
}

// Nobody knows what it is: it may as well drop half of what it is sent.
StoreLimits unknown_limits() {
  StoreLimits limits = cautious_limits();
  limits.keeps_what_is_sent = false;
  return limits;
}

StoreLimits md5_limits(std::uint64_t part_size_min, std::uint64_t object_size_max) {
  StoreLimits limits = cautious_limits();
  limits.object_size_max = object_size_max;
  limits.part_size_min = part_size_min;
  limits.etag_is_md5 = true;
  limits.enforces_content_md5 = true;
  return limits;
}

StoreLimits ceph_limits() {
  StoreLimits limits = md5_limits(5 * mib, 5 * tib);
  limits.conditional_put = true;
  limits.multipart_etag_is_md5_of_md5s = true;
  limits.verifies_signed_payload = true;
  // CopyObject drops tags with the metadata that it replaces and does not encrypt; UploadPartCopy
  // has no condition; CreateMultipartUpload drops tags and locks (seen in 16.2).
  limits.server_side_copy = true;
  limits.tags = true;
  limits.acls = true;
  limits.object_lock = true;
  limits.keeps_names = true;
  return limits;
}

StoreLimits minio_limits() {
  StoreLimits limits = md5_limits(5 * mib, 5 * tib);
  limits.conditional_put = true;
  limits.multipart_etag_is_md5_of_md5s = true;
  limits.verifies_signed_payload = true;
  limits.enforces_checksums = true;
  limits.checksum_at_complete = false;  // an upload that announces one wants it with each part
  limits.server_side_copy = true;
  limits.server_side_copy_parts = true;
  limits.copies_as_asked = true;
  limits.uploads_as_asked = true;
  limits.tags = true;
  limits.object_lock = true;
  return limits;
}

StoreLimits r2_limits() {
  StoreLimits limits = md5_limits(5 * mib, 5 * tib);
  limits.conditional_put = true;
  limits.equal_parts_required = true;
  limits.server_side_copy = true;
  limits.server_side_copy_parts = true;
  return limits;
}

const std::vector<VendorProfile>& table() {
  static const std::vector<VendorProfile> profiles = {
      {.name = "aws",
       .aws_hosts = {aws::S3HostKind::service, aws::S3HostKind::accelerate,
                     aws::S3HostKind::access_point, aws::S3HostKind::outposts,
                     aws::S3HostKind::vpc_endpoint},
       .virtual_host = true,
       .pages_buckets = true,
       .request_ids = true,
       .encodes_metadata = true,
       .limits = aws_limits()},
      {.name = "aws-directory",
       .aws_hosts = {aws::S3HostKind::directory_bucket},
       .virtual_host = true,
       .request_ids = true,
       .encodes_metadata = true,
       .limits = directory_bucket_limits()},
      {.name = "ceph",
       .request_id_prefix = "tx000",
       .names_chunking = false,
       .quotes_put_if_match = false,
       .names_bucket_region = false,
       .copy_if_match_header = "x-amz-copy-if-match",
       .uploads_encoded_silently = true,
       .request_ids = true,
       .limits = ceph_limits()},
      {.name = "minio", .server_prefix = "MinIO", .request_ids = true, .limits = minio_limits()},
      {.name = "aliyun",
       .host_suffixes = {"aliyuncs.com"},
       .server_prefix = "AliyunOSS",
       .virtual_host = true,
       .chunk_signing = false,
       .limits = md5_limits(100 * kib, 48 * tib + 800 * gib)},
      {.name = "tencent",
       .host_suffixes = {"myqcloud.com", "tencentcos.cn"},
       .server_prefix = "tencent-cos",
       .virtual_host = true,
       .chunk_signing = false,
       .limits = md5_limits(1 * mib, 48 * tib + 800 * gib)},
      {.name = "huawei",
       .host_suffixes = {"myhuaweicloud.com"},
       .server_prefix = "OBS",
       .virtual_host = true,
       .chunk_signing = false,
       .limits = md5_limits(100 * kib, 48 * tib + 800 * gib)},
      {.name = "baidu",
       .host_suffixes = {"bcebos.com"},
       .server_prefix = "BceBos",
       .virtual_host = false,
       .list_v2 = false,
       .chunk_signing = false,
       .limits = cautious_limits()},
      {.name = "qiniu",
       .host_suffixes = {"qiniucs.com"},
       .virtual_host = true,
       .chunk_signing = false,
       .limits = cautious_limits()},
      {.name = "google",
       .host_suffixes = {"storage.googleapis.com"},
       .server_prefix = "UploadServer",
       .virtual_host = false,
       .chunk_signing = false,
       // Without it objects stored as gzip are unpacked on the way, and sizes and ETags no longer
       // fit.
       .accept_encoding = "gzip",
       .limits = md5_limits(5 * mib, 5 * tib)},
      {.name = "r2",
       .host_suffixes = {"r2.cloudflarestorage.com"},
       .virtual_host = false,
       .chunk_signing = false,
       .limits = r2_limits()},
      {.name = "generic", .etags = false, .limits = unknown_limits()},
  };
  return profiles;
}

bool is_at_or_under(std::string_view host, std::string_view suffix) {
  if (!host.ends_with(suffix)) return false;
  return host.size() == suffix.size() || host[host.size() - suffix.size() - 1] == '.';
}

}  // namespace

std::span<const VendorProfile> vendor_profiles() { return table(); }

const VendorProfile* find_vendor(std::string_view name) {
  for (const VendorProfile& profile : table()) {
    if (profile.name == name) return &profile;
  }
  return nullptr;
}

const VendorProfile* vendor_of_host(std::string_view host) {
  const auto of_aws = aws::s3_host_kind(host);
  for (const VendorProfile& profile : table()) {
    for (std::string_view suffix : profile.host_suffixes) {
      if (is_at_or_under(host, suffix)) return &profile;
    }
    const auto& kinds = profile.aws_hosts;
    if (of_aws && std::find(kinds.begin(), kinds.end(), *of_aws) != kinds.end()) return &profile;
  }
  return nullptr;
}

const VendorProfile* vendor_of_response(const net::HttpResponse& response) {
  const std::string_view request_id = response.header("x-amz-request-id");
  const std::string_view server = response.header("server");
  for (const VendorProfile& profile : table()) {
    if (!profile.request_id_prefix.empty() && request_id.starts_with(profile.request_id_prefix))
      return &profile;
    if (!profile.server_prefix.empty() && server.starts_with(profile.server_prefix))
      return &profile;
  }
  return nullptr;
}

bool same_owner(std::string_view host, std::string_view other) {
  if (host == other || aws::are_s3_hosts_of_one_partition(host, other)) return true;
  for (const VendorProfile& profile : table()) {
    for (std::string_view suffix : profile.host_suffixes) {
      if (is_at_or_under(host, suffix) && is_at_or_under(other, suffix)) return true;
    }
  }
  return false;
}

}  // namespace dth::objects::s3
