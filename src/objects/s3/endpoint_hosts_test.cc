#include "objects/s3/endpoint_hosts.h"

#include <gtest/gtest.h>

namespace dth::objects::s3 {
namespace {

using Hosts = std::vector<std::string>;

options::Values url(const std::string& text) { return {{"endpoint-url", text}}; }
options::Values region(const std::string& name) { return {{"region", name}}; }

TEST(EndpointHosts, ServersAreToldApartBySchemeHostAndPort) {
  EXPECT_EQ(new_hosts(url("https://a.example"), url("https://A.example:443/")), Hosts{});
  EXPECT_EQ(new_hosts(url("https://a.example"), url("https://a.example/path")), Hosts{});
  EXPECT_EQ(new_hosts(url("https://a.example"), url("https://b.example")), Hosts{"b.example"});
  EXPECT_EQ(new_hosts(url("https://a.example"), url("https://a.example:9000")),
            Hosts{"a.example:9000"});
  EXPECT_EQ(new_hosts(url("https://a.example"), url("http://a.example")), Hosts{"a.example"});
  EXPECT_EQ(new_hosts({}, url("https://a.example")), Hosts{"a.example"});
}

TEST(EndpointHosts, RegionsOfOnePartitionAreOneServer) {
  EXPECT_EQ(new_hosts(region("us-east-1"), region("eu-west-1")), Hosts{});
  EXPECT_EQ(new_hosts(region("us-east-1"), url("https://s3.eu-west-1.amazonaws.com")), Hosts{});
  EXPECT_EQ(new_hosts(region("us-east-1"), region("cn-north-1")),
            Hosts{"s3.cn-north-1.amazonaws.com.cn"});
  // Under amazonaws.com there is much that is anybody's.
  EXPECT_EQ(new_hosts(region("us-east-1"), url("https://x.elb.us-east-1.amazonaws.com")),
            Hosts{"x.elb.us-east-1.amazonaws.com"});
}

TEST(EndpointHosts, ProxyIsAServerThatRequestsGoTo) {
  auto with = region("us-east-1");
  with["proxy"] = "http://proxy.example:3128";
  EXPECT_EQ(new_hosts(region("us-east-1"), with), Hosts{"proxy.example:3128"});
  EXPECT_EQ(new_hosts(with, region("us-east-1")), Hosts{});
  with["proxy"] = "none";
  EXPECT_EQ(new_hosts(region("us-east-1"), with), Hosts{});
}

TEST(EndpointHosts, AddressIsShownAsPeopleReadIt) {
  EXPECT_EQ(shown_address(url("https://a.example:443")), "https://a.example");
  EXPECT_EQ(shown_address(url("http://a.example:8080/s3")), "http://a.example:8080/s3");
  EXPECT_EQ(shown_address(region("eu-west-1")), "AWS eu-west-1");
  EXPECT_EQ(shown_address({}), "AWS");
}

TEST(EndpointHosts, ArnsAreThoseOfThePartition) {
  const std::pair<const char*, const char*> rows[] = {{"us-east-1", "aws"},
                                                      {"cn-north-1", "aws-cn"},
                                                      {"us-gov-west-1", "aws-us-gov"},
                                                      {"eusc-de-east-1", "aws-eusc"},
                                                      {"us-iso-east-1", "aws-iso"},
                                                      {"us-isob-east-1", "aws-iso-b"},
                                                      {"eu-isoe-west-1", "aws-iso-e"},
                                                      {"us-isof-south-1", "aws-iso-f"}};
  for (const auto& [name, partition] : rows) EXPECT_EQ(arn_partition(region(name)), partition);
  EXPECT_EQ(arn_partition({}), "aws");
  EXPECT_EQ(arn_partition(url("https://ceph.example.org")), "aws");
  EXPECT_EQ(arn_partition(url("https://s3.cn-northwest-1.amazonaws.com.cn")), "aws-cn");
}

TEST(EndpointHosts, WhatCannotBeAPlaceIsRefusedAtItsOption) {
  const auto why = [](EndpointOptions options) {
    auto checked = check_place(options, "--");
    return checked.has_error() ? checked.error().message.substr(0, 14) : "";
  };
  EXPECT_EQ(why({.endpoint_url = "ftp://x"}), "--endpoint-url");
  EXPECT_EQ(why({.endpoint_url = "https://user:pw@x"}), "--endpoint-url");
  EXPECT_EQ(why({.region = "narnia"}).substr(0, 8), "--region");
  EXPECT_EQ(why({.vendor = "acme"}).substr(0, 8), "--vendor");
  EXPECT_EQ(why({.endpoint_url = "https://x", .region = "default"}), "");
}

}  // namespace
}  // namespace dth::objects::s3
