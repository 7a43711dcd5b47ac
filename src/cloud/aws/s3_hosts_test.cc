#include "cloud/aws/s3_hosts.h"

#include <gtest/gtest.h>

#include "cloud/aws/partitions.h"

namespace dth::aws {
namespace {

struct Row {
  const char* host;  // REGION stands for one of each partition's
  S3HostKind kind;
};

class S3HostTest : public ::testing::TestWithParam<Row> {};

TEST_P(S3HostTest, IsKnownInEveryPartition) {
  for (const Partition& partition : partitions()) {
    std::string host = GetParam().host;
    if (const auto at = host.find("REGION"); at != host.npos)
      host.replace(at, 6, partition.region_first);
    host += "." + std::string(partition.dns_suffix);
    EXPECT_EQ(s3_host_kind(host), GetParam().kind) << host;
    EXPECT_EQ(s3_host_kind("some.bucket." + host), GetParam().kind) << host;
    EXPECT_EQ(s3_host_kind(host + ".example.com"), std::nullopt) << host;
    EXPECT_EQ(s3_host_kind("x" + host), std::nullopt) << host;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Names, S3HostTest,
    ::testing::Values(
        Row{"s3", S3HostKind::service}, Row{"s3.REGION", S3HostKind::service},
        Row{"s3-REGION", S3HostKind::service}, Row{"s3-external-1", S3HostKind::service},
        Row{"s3.dualstack.REGION", S3HostKind::service}, Row{"s3-fips.REGION", S3HostKind::service},
        Row{"s3-fips-REGION", S3HostKind::service},
        Row{"s3-fips.dualstack.REGION", S3HostKind::service},
        Row{"s3-accelerate", S3HostKind::accelerate},
        Row{"s3-accelerate.dualstack", S3HostKind::accelerate},
        Row{"s3-accesspoint.REGION", S3HostKind::access_point},
        Row{"s3-accesspoint.dualstack.REGION", S3HostKind::access_point},
        Row{"s3-accesspoint-fips.REGION", S3HostKind::access_point},
        Row{"s3-accesspoint-fips.dualstack.REGION", S3HostKind::access_point},
        Row{"s3-outposts.REGION", S3HostKind::outposts},
        Row{"s3-outposts.dualstack.REGION", S3HostKind::outposts},
        Row{"s3-outposts-fips.REGION", S3HostKind::outposts},
        Row{"s3-outposts-fips.dualstack.REGION", S3HostKind::outposts},
        Row{"s3express-use1-az4.REGION", S3HostKind::directory_bucket},
        Row{"s3express-use1-az4.dualstack.REGION", S3HostKind::directory_bucket},
        Row{"vpce-1a2b3c4d-5e6f.s3.REGION.vpce", S3HostKind::vpc_endpoint},
        Row{"vpce-1a2b3c4d-5e6f-us-east-1a.s3.REGION.vpce", S3HostKind::vpc_endpoint},
        Row{"vpce-1a2b3c4d-5e6f.s3-accesspoint.REGION.vpce", S3HostKind::vpc_endpoint},
        Row{"vpce-1a2b3c4d-5e6f.s3-outposts.REGION.vpce", S3HostKind::vpc_endpoint}));

TEST(S3Hosts, WhatIsAnybodysUnderTheSameDomainIsNotS3) {
  for (const char* host :
       {"amazonaws.com", "my-gateway-123.eu-west-1.elb.amazonaws.com",
        "ec2-1-2-3-4.compute-1.amazonaws.com", "abc.execute-api.us-east-1.amazonaws.com",
        "s3-website-us-east-1.amazonaws.com", "s3.amazonaws.com.evil.example",
        "evil-s3.amazonaws.com", "s3.nowhere.amazonaws.com", "s3.cn-north-1.amazonaws.com",
        "sts.us-east-1.amazonaws.com", "vpce-.s3.us-east-1.vpce.amazonaws.com",
        "vpce-1.ec2.us-east-1.vpce.amazonaws.com", "s3.example.com"}) {
    EXPECT_EQ(s3_host_kind(host), std::nullopt) << host;
  }
}

TEST(S3Hosts, PartitionsDoNotMix) {
  EXPECT_TRUE(
      are_s3_hosts_of_one_partition("s3.us-east-1.amazonaws.com", "b.s3.eu-west-1.amazonaws.com"));
  EXPECT_FALSE(are_s3_hosts_of_one_partition("s3.us-east-1.amazonaws.com",
                                             "s3.cn-north-1.amazonaws.com.cn"));
  EXPECT_FALSE(
      are_s3_hosts_of_one_partition("s3.us-east-1.amazonaws.com", "x.eu-west-1.elb.amazonaws.com"));
}

}  // namespace
}  // namespace dth::aws
