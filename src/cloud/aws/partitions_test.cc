#include "cloud/aws/partitions.h"

#include <gtest/gtest.h>

namespace dth::aws {
namespace {

std::string partition_name(std::string_view region) {
  const Partition* partition = find_partition(region);
  return partition ? std::string(partition->name) : "none";
}

TEST(partitions, RegionsAreToldApart) {
  EXPECT_EQ(partition_name("us-east-1"), "aws");
  EXPECT_EQ(partition_name("ap-southeast-5"), "aws");
  EXPECT_EQ(partition_name("cn-northwest-1"), "aws-cn");
  EXPECT_EQ(partition_name("us-gov-west-1"), "aws-us-gov");
  EXPECT_EQ(partition_name("us-iso-east-1"), "aws-iso");
  EXPECT_EQ(partition_name("us-isob-east-1"), "aws-iso-b");
  EXPECT_EQ(partition_name("eu-isoe-west-1"), "aws-iso-e");
  EXPECT_EQ(partition_name("us-isof-south-1"), "aws-iso-f");
  EXPECT_EQ(partition_name("eusc-de-east-1"), "aws-eusc");
  for (const char* other :
       {"", "default", "us", "us-east", "us-east-", "us-east-1-x", "US-EAST-1", "us--1", "auto"}) {
    EXPECT_EQ(partition_name(other), "none") << other;
  }
}

TEST(partitions, EveryFirstRegionIsInItsOwnPartition) {
  for (const Partition& partition : partitions()) {
    EXPECT_EQ(find_partition(partition.region_first), &partition) << partition.name;
  }
}

TEST(partitions, HostsOfS3AndSts) {
  EXPECT_EQ(*s3_host("eu-west-1"), "s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(*s3_host("cn-north-1"), "s3.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(*s3_host("us-iso-east-1"), "s3.us-iso-east-1.c2s.ic.gov");
  EXPECT_EQ(*s3_host("eu-west-1", {.dual_stack = true}), "s3.dualstack.eu-west-1.amazonaws.com");
  EXPECT_EQ(*s3_host("us-east-1", {.fips = true}), "s3-fips.us-east-1.amazonaws.com");
  EXPECT_EQ(*s3_host("us-east-1", {.dual_stack = true, .fips = true}),
            "s3-fips.dualstack.us-east-1.amazonaws.com");
  EXPECT_EQ(*sts_host("eu-west-1"), "sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(*sts_host("us-east-2", {.fips = true}), "sts-fips.us-east-2.amazonaws.com");
  EXPECT_EQ(*sts_host("us-gov-west-1", {.fips = true}), "sts.us-gov-west-1.amazonaws.com");
}

TEST(partitions, WhatAPartitionLacksIsAnErrorThatSaysSo) {
  EXPECT_EQ(s3_host("nowhere").error().code, ErrorCode::invalid_argument);
  EXPECT_NE(s3_host("nowhere").error().message.find("'nowhere'"), std::string::npos);
  EXPECT_NE(s3_host("cn-north-1", {.fips = true}).error().message.find("FIPS"), std::string::npos);
  EXPECT_NE(s3_host("us-iso-east-1", {.dual_stack = true}).error().message.find("dual-stack"),
            std::string::npos);
}

TEST(partitions, TheRegionInAHost) {
  EXPECT_EQ(region_of_s3_host("s3.us-west-2.amazonaws.com"), "us-west-2");
  EXPECT_EQ(region_of_s3_host("my.bucket.s3.us-west-2.amazonaws.com"), "us-west-2");
  EXPECT_EQ(region_of_s3_host("b.s3.dualstack.eu-north-1.amazonaws.com"), "eu-north-1");
  EXPECT_EQ(region_of_s3_host("s3-us-west-2.amazonaws.com"), "us-west-2");
  EXPECT_EQ(region_of_s3_host("s3.cn-north-1.amazonaws.com.cn"), "cn-north-1");
  EXPECT_EQ(region_of_s3_host("s3.amazonaws.com"), std::nullopt);
  EXPECT_EQ(region_of_s3_host("sqs.us-west-2.amazonaws.com"), std::nullopt);
  EXPECT_EQ(region_of_s3_host("s3.us-west-2.amazonaws.com.evil.example"), std::nullopt);
  EXPECT_EQ(region_of_s3_host("evilamazonaws.com"), std::nullopt);
}

TEST(partitions, TheRegionInHostsOfOtherWaysToS3) {
  for (const char* host : {"bucket.vpce-1a2b-3c.s3.us-east-2.vpce.amazonaws.com",
                           "b.bucket.vpce-1a2b.s3.us-east-2.vpce.amazonaws.com",
                           "accesspoint.vpce-1a2b.s3-accesspoint.us-east-2.vpce.amazonaws.com",
                           "mine-123.s3-accesspoint.us-east-2.amazonaws.com",
                           "mine-123.s3-accesspoint-fips.dualstack.us-east-2.amazonaws.com",
                           "mine-123.op-1.s3-outposts.us-east-2.amazonaws.com",
                           "b--use2-az1--x-s3.s3express-use2-az1.us-east-2.amazonaws.com",
                           "s3express-control.us-east-2.amazonaws.com"}) {
    EXPECT_EQ(region_of_s3_host(host), "us-east-2") << host;
  }
  for (const char* host : {"my-lb-123.us-east-2.elb.amazonaws.com", "s3-accelerate.amazonaws.com",
                           "vpce-1.ec2.us-east-2.vpce.amazonaws.com"}) {
    EXPECT_EQ(region_of_s3_host(host), std::nullopt) << host;
  }
}

TEST(partitions, PlainHostsOfS3AndTheSameElsewhere) {
  struct {
    const char* host;
    const char* in_other_region;  // eu-west-1, or cn-northwest-1 in China
  } const rows[] = {
      {"s3.us-east-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"},
      {"s3-fips.us-east-1.amazonaws.com", "s3-fips.eu-west-1.amazonaws.com"},
      {"s3.dualstack.us-east-1.amazonaws.com", "s3.dualstack.eu-west-1.amazonaws.com"},
      {"s3-fips.dualstack.us-east-1.amazonaws.com", "s3-fips.dualstack.eu-west-1.amazonaws.com"},
      {"s3-us-west-2.amazonaws.com", "s3.eu-west-1.amazonaws.com"},
      {"s3.amazonaws.com", "s3.eu-west-1.amazonaws.com"},
      {"s3-external-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"},
      {"s3.cn-north-1.amazonaws.com.cn", "s3.cn-northwest-1.amazonaws.com.cn"}};
  for (const auto& [host, other] : rows) {
    const auto plain = plain_s3_host(host);
    ASSERT_TRUE(plain) << host;
    EXPECT_EQ(plain->in(std::string_view(host).ends_with(".cn") ? "cn-northwest-1" : "eu-west-1"),
              other);
    EXPECT_EQ(plain->in("us-iso-east-1"), std::nullopt);
    EXPECT_EQ(plain->in("default"), std::nullopt);
  }
  for (const char* host :
       {"bucket.s3.us-east-1.amazonaws.com", "bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com",
        "s3.us-east-1.vpce.amazonaws.com", "s3-accelerate.amazonaws.com",
        "s3-accelerate.dualstack.amazonaws.com", "mine-123.s3-accesspoint.us-east-1.amazonaws.com",
        "mine-123.op-1.s3-outposts.us-east-1.amazonaws.com",
        "s3express-use1-az4.us-east-1.amazonaws.com", "my-lb-123.us-east-1.elb.amazonaws.com",
        "sqs.us-east-1.amazonaws.com", "s3.nowhere.amazonaws.com", "amazonaws.com",
        "s3.us-east-1.amazonaws.com.evil.example", "localhost"}) {
    EXPECT_FALSE(plain_s3_host(host)) << host;
  }
}

TEST(partitions, ThePartitionOfAHost) {
  ASSERT_TRUE(find_partition_of_host("b.s3.us-gov-east-1.amazonaws.com"));
  EXPECT_EQ(find_partition_of_host("b.s3.us-gov-east-1.amazonaws.com")->name, "aws-us-gov");
  EXPECT_EQ(find_partition_of_host("s3.amazonaws.com")->name, "aws");
  EXPECT_EQ(find_partition_of_host("s3.cn-north-1.amazonaws.com.cn")->name, "aws-cn");
  EXPECT_EQ(find_partition_of_host("notamazonaws.com"), nullptr);
}

}  // namespace
}  // namespace dth::aws
