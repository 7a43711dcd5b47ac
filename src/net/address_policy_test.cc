#include "net/address_policy.h"

#include <gtest/gtest.h>

namespace dth::net {
namespace {

struct Row {
  const char* address;
  AddressKind kind;
};

AddressKind kind_of(const char* text) { return address_kind(boost::asio::ip::make_address(text)); }

TEST(AddressPolicyTest, EachAddressIsOfItsKind) {
  using enum AddressKind;
  constexpr Row rows[] = {
      {"8.8.8.8", open},
      {"52.216.0.1", open},
      {"2600:1fa0::1", open},
      {"1.0.0.0", open},
      {"169.253.255.255", open},
      {"169.255.0.0", open},
      {"172.15.255.255", open},
      {"172.32.0.0", open},
      {"100.63.255.255", open},
      {"100.128.0.0", open},
      {"223.255.255.255", open},
      {"10.0.0.0", private_space},
      {"10.255.255.255", private_space},
      {"172.16.0.0", private_space},
      {"172.31.255.255", private_space},
      {"192.168.0.1", private_space},
      {"100.64.0.1", private_space},
      {"198.18.0.1", private_space},
      {"fc00::1", private_space},
      {"fdff::1", private_space},
      {"fec0::1", private_space},
      {"127.0.0.1", loopback},
      {"127.255.255.255", loopback},
      {"::1", loopback},
      {"0.0.0.0", never},
      {"0.1.2.3", never},
      {"169.254.169.254", never},
      {"169.254.170.2", never},
      {"169.254.0.0", never},
      {"169.254.255.255", never},
      {"100.100.100.200", never},
      {"168.63.129.16", never},
      {"192.0.0.192", never},
      {"224.0.0.1", never},
      {"239.255.255.255", never},
      {"240.0.0.1", never},
      {"255.255.255.255", never},
      {"::", never},
      {"fe80::1", never},
      {"febf::1", never},
      {"ff02::1", never},
      {"fd00:ec2::254", never},
      {"fd00:ec2::23", never},
      {"fd20:ce::254", never},
      {"fd00:c1::a9fe:a9fe", never},
      // IPv4 within IPv6
      {"::ffff:8.8.8.8", open},
      {"::ffff:169.254.169.254", never},
      {"::ffff:127.0.0.1", loopback},
      {"::ffff:10.0.0.1", private_space},
      {"::ffff:0:169.254.169.254", never},
      {"::169.254.169.254", never},
      {"::127.0.0.1", loopback},
      {"64:ff9b::8.8.8.8", open},
      {"64:ff9b::169.254.169.254", never},
      {"64:ff9b::10.0.0.1", private_space},
      {"64:ff9b:1::8.8.8.8", private_space},
      {"64:ff9b:1::169.254.169.254", never},
      {"2002:a9fe:a9fe::1", never},
      {"2002:7f00:1::1", loopback},
      {"2002:808:808::1", open},
      {"2001:0:808:808::5601:5601", never},  // Teredo of 169.254.169.254
      {"2001:0:a9fe:a9fe::f7f7:f7f7", never},
      {"2001:0:808:808::f7f7:f7f7", open},
      {"fe80::5efe:a9fe:a9fe", never},
      {"2600::5efe:a9fe:a9fe", never},
      {"2600::200:5efe:7f00:1", loopback},
      {"fe80::1%1", never},
  };
  for (const Row& row : rows) EXPECT_EQ(kind_of(row.address), row.kind) << row.address;
}

TEST(AddressPolicyTest, PrivateAndLoopbackAreByPolicyAndTheOthersNever) {
  const auto refuses = [](const AddressPolicy& policy, const char* text) {
    return policy.refusal(boost::asio::ip::make_address(text), "host.example").has_value();
  };
  const AddressPolicy all, no_private{.allows_private = false},
      no_loopback{.allows_private = true, .allows_loopback = false};
  for (const auto& policy : {all, no_private, no_loopback}) {
    EXPECT_TRUE(refuses(policy, "169.254.169.254"));
    EXPECT_FALSE(refuses(policy, "8.8.8.8"));
  }
  EXPECT_FALSE(refuses(all, "10.0.0.1"));
  EXPECT_FALSE(refuses(all, "127.0.0.1"));
  EXPECT_TRUE(refuses(no_private, "10.0.0.1"));
  EXPECT_FALSE(refuses(no_private, "127.0.0.1"));
  EXPECT_TRUE(refuses(no_loopback, "::ffff:127.0.0.1"));
}

TEST(AddressPolicyTest, RefusalNamesWhatTheUserNamed) {
  const AddressPolicy policy;
  const auto error =
      policy.refusal(boost::asio::ip::make_address("169.254.169.254"), "metadata.example");
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code, ErrorCode::permission_denied);
  EXPECT_NE(error->message.find("metadata.example (169.254.169.254)"), std::string::npos);
  EXPECT_TRUE(policy.refusal_of_literal("169.254.169.254").has_value());
  EXPECT_TRUE(policy.refusal_of_literal("::ffff:169.254.169.254").has_value());
  for (const char* form : {"2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518"})
    EXPECT_TRUE(policy.refusal_of_literal(form).has_value()) << form;
  EXPECT_FALSE(policy.refusal_of_literal("s3.example").has_value());
}

}  // namespace
}  // namespace dth::net
