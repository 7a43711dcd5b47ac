#include "objects/s3/addressing.h"

#include <gtest/gtest.h>

namespace dth::objects::s3 {
namespace {

net::HttpOrigin origin(const char* host, bool tls = true) {
  return {.host = host, .port = static_cast<std::uint16_t>(tls ? 443 : 80), .tls = tls};
}

bool virtual_host(const char* host, const char* bucket, bool tls = true) {
  const VendorProfile* vendor = vendor_of_host(host);
  return uses_virtual_host(Addressing::automatic, origin(host, tls),
                           vendor ? *vendor : *find_vendor("generic"), bucket);
}

TEST(addressing, NamesThatFitAHost) {
  for (const char* good : {"abc", "a-b", "a.b.c", "my-bucket-01"}) {
    EXPECT_TRUE(is_dns_compatible(good)) << good;
  }
  for (const char* bad : {"ab", "Abc", "a_b", "a..b", "-ab", "ab-", ".ab", "ab.", "a.-b", "a-.b",
                          "192.168.1.1", "a b"}) {
    EXPECT_FALSE(is_dns_compatible(bad)) << bad;
  }
  EXPECT_FALSE(is_dns_compatible(std::string(64, 'a')));
}

TEST(addressing, AutomaticChoice) {
  EXPECT_TRUE(virtual_host("s3.us-east-1.amazonaws.com", "my-bucket"));
  EXPECT_FALSE(virtual_host("s3.us-east-1.amazonaws.com", "my.bucket"));  // no certificate fits
  EXPECT_TRUE(virtual_host("s3.us-east-1.amazonaws.com", "my.bucket", false));  // none is needed
  EXPECT_FALSE(virtual_host("s3.us-east-1.amazonaws.com", "My_Bucket"));
  EXPECT_TRUE(virtual_host("oss-cn-hangzhou.aliyuncs.com", "my-bucket"));
  EXPECT_TRUE(virtual_host("cos.ap-guangzhou.myqcloud.com", "b-1250000000"));
  EXPECT_FALSE(virtual_host("minio.example.com", "my-bucket"));
  EXPECT_FALSE(virtual_host("127.0.0.1", "my-bucket"));
  EXPECT_FALSE(virtual_host("notamazonaws.com", "my-bucket"));
}

TEST(addressing, PathsAreEncodedAndNeverNormalised) {
  const BucketAddress path = address_of(origin("h"), "", "b", false);
  EXPECT_EQ(path.authority, "h");
  EXPECT_EQ(path.path_of(""), "/b");
  EXPECT_EQ(path.path_of("a//b"), "/b/a//b");
  EXPECT_EQ(path.path_of("/a"), "/b//a");
  EXPECT_EQ(path.path_of("."), "/b/.");
  EXPECT_EQ(path.path_of("a/../.."), "/b/a/../..");
  EXPECT_EQ(path.path_of("a+b c%2Fd"), "/b/a%2Bb%20c%252Fd");
  EXPECT_EQ(path.path_of("\n\xff?#"), "/b/%0A%FF%3F%23");
  EXPECT_EQ(path.path_of("\U0001F600"), "/b/%F0%9F%98%80");
  EXPECT_EQ(address_of(origin("h"), "/s3/v1", "b", false).path_of("k"), "/s3/v1/b/k");
  EXPECT_EQ(address_of(origin("h"), "/s3", "b", true).path_of("k"), "/s3/k");
  EXPECT_EQ(address_of(origin("h"), "/s3", "b", true).path_of(""), "/s3");
  const BucketAddress host = address_of(origin("s3.example.com"), "", "b", true);
  EXPECT_EQ(host.authority, "b.s3.example.com");
  EXPECT_EQ(host.path_of(""), "/");
  EXPECT_EQ(host.path_of("/a"), "//a");
}

TEST(vendors, AreToldByHostRequestIdAndServer) {
  EXPECT_EQ(vendor_of_host("s3.amazonaws.com")->name, "aws");
  EXPECT_EQ(vendor_of_host("x.r2.cloudflarestorage.com")->name, "r2");
  EXPECT_EQ(vendor_of_host("evil-aliyuncs.com"), nullptr);
  net::HttpResponse response;
  EXPECT_EQ(vendor_of_response(response), nullptr);
  response.headers = {{"x-amz-request-id", "tx0000012-34-default"}};
  EXPECT_EQ(vendor_of_response(response)->name, "ceph");
  response.headers = {{"Server", "MinIO"}};
  EXPECT_EQ(vendor_of_response(response)->name, "minio");
}

// Gateways and proxies say it too.
TEST(vendors, AmazonS3IsKnownByItsOwnNamesOnly) {
  net::HttpResponse response;
  response.headers = {{"Server", "AmazonS3"}};
  EXPECT_EQ(vendor_of_response(response), nullptr);
  EXPECT_EQ(vendor_of_host("my-gateway-123.eu-west-1.elb.amazonaws.com"), nullptr);
  EXPECT_EQ(vendor_of_host("b.s3express-use1-az4.us-east-1.amazonaws.com")->name, "aws-directory");
  EXPECT_FALSE(find_vendor("aws-directory")->limits.etag_is_md5);
}

TEST(vendors, EveryProfileIsFoundByItsNameAndHasSaneLimits) {
  for (const VendorProfile& profile : vendor_profiles()) {
    EXPECT_EQ(find_vendor(profile.name), &profile);
    EXPECT_GE(profile.limits.part_size_max, profile.limits.part_size_min) << profile.name;
    EXPECT_GT(profile.limits.part_count_max, 0u) << profile.name;
    EXPECT_FALSE(profile.limits.payload_always_signed) << profile.name;
  }
  EXPECT_EQ(find_vendor("nobody"), nullptr);
}

TEST(vendors, OneOwnerIsNeverGuessed) {
  EXPECT_TRUE(same_owner("h.example.com", "h.example.com"));
  EXPECT_FALSE(same_owner("a.example.com", "b.example.com"));
  EXPECT_TRUE(same_owner("s3.us-east-1.amazonaws.com", "b.s3.eu-west-1.amazonaws.com"));
  EXPECT_FALSE(same_owner("s3.us-east-1.amazonaws.com", "s3.cn-north-1.amazonaws.com.cn"));
  EXPECT_FALSE(same_owner("s3.us-east-1.amazonaws.com", "ec2-1-2-3-4.compute-1.amazonaws.com"));
  EXPECT_FALSE(same_owner("s3.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com.evil.example"));
}

}  // namespace
}  // namespace dth::objects::s3
