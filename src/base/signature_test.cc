#include "base/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"

namespace dth {
namespace {

std::string unhex(std::string_view text) { return hex_decode(text).value(); }

// The seed as PKCS #8 (RFC 8410 section 7).
PrivateKey key_of(std::string_view seed_hex) {
  const std::string der = unhex("302e020100300506032b657004220420") + unhex(seed_hex);
  return PrivateKey::parse("-----BEGIN PRIVATE KEY-----\n" + base64_encode(as_bytes(der)) +
                           "\n-----END PRIVATE KEY-----\n")
      .value();
}

// https://www.rfc-editor.org/rfc/rfc8032#section-7.1
TEST(Signature, IsThatOfTheStandardsVectors) {
  struct Vector {
    std::string_view seed, public_key, message, signature;
  };
  for (const Vector& vector :
       {Vector{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
               "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
               "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61"
               "e39701cf9b46bd25bf5f0595bbe2465"
               "5141438e7a100b"},
        Vector{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
               "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
               "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458"
               "f3613d0f11d8c387b2eaeb4302aeeb0"
               "0d291612bb0c00"}}) {
    const PrivateKey key = key_of(vector.seed);
    EXPECT_EQ(key.public_key().hex(), vector.public_key);
    EXPECT_EQ(hex_encode(as_bytes(key.sign(as_bytes(unhex(vector.message))))), vector.signature);
  }
}

TEST(Signature, IsOfThisMessageAndThisKeyOnly) {
  const PrivateKey key = PrivateKey::generate();
  const std::string signature = key.sign(as_bytes("message"));
  EXPECT_TRUE(key.public_key().verify(as_bytes("message"), as_bytes(signature)));
  EXPECT_FALSE(key.public_key().verify(as_bytes("massage"), as_bytes(signature)));
  EXPECT_FALSE(
      PrivateKey::generate().public_key().verify(as_bytes("message"), as_bytes(signature)));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string bad = signature;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_FALSE(key.public_key().verify(as_bytes("message"), as_bytes(bad))) << i;
  }
  EXPECT_FALSE(key.public_key().verify(as_bytes("message"), as_bytes(signature.substr(1))));
}

TEST(PublicKey, IsReadInEitherForm) {
  const PublicKey key = PrivateKey::generate().public_key();
  EXPECT_EQ(PublicKey::parse(key.hex()).value(), key);
  EXPECT_EQ(PublicKey::parse(" \n" + key.hex() + "\r\n").value(), key);
  EXPECT_EQ(PublicKey::parse(key.pem()).value(), key);
  EXPECT_THAT(key.pem(), testing::StartsWith("-----BEGIN PUBLIC KEY-----\n"));
  for (const std::string& bad :
       {std::string(), std::string(" "), key.hex().substr(1), key.hex() + "00",
        std::string(64, 'g'), std::string("-----BEGIN PUBLIC KEY-----"),
        PrivateKey::generate().pem()}) {
    const auto parsed = PublicKey::parse(bad);
    ASSERT_TRUE(parsed.has_error()) << bad.size();
    EXPECT_EQ(parsed.error().code, ErrorCode::invalid_argument);
  }
}

TEST(PrivateKey, ComesBackFromItsPem) {
  const PrivateKey key = PrivateKey::generate();
  EXPECT_NE(key.public_key(), PrivateKey::generate().public_key());
  EXPECT_EQ(PrivateKey::parse(key.pem()).value().public_key(), key.public_key());
  for (const std::string& bad :
       {std::string(), std::string("secret"), key.public_key().pem(), key.pem().substr(0, 60)}) {
    const auto parsed = PrivateKey::parse(bad);
    ASSERT_TRUE(parsed.has_error());
    EXPECT_THAT(parsed.error().to_string(), testing::Not(testing::HasSubstr("secret")));
  }
}

}  // namespace
}  // namespace dth
