#include "control/identity/password_hasher.h"

#include <gtest/gtest.h>

namespace dth::control {
namespace {

constexpr PasswordCost cheap{.operations = 1, .memory_bytes = 8192};

TEST(PasswordHasherTest, OnlyThePasswordFitsItsHash) {
  const PasswordHasher hasher(cheap);
  const std::string hash = hasher.hash("correct horse").value();
  EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
  EXPECT_NE(hash, hasher.hash("correct horse").value()) << "each has a salt of its own";
  EXPECT_TRUE(hasher.verify(hash, "correct horse").value());
  EXPECT_FALSE(hasher.verify(hash, "correct horsf").value());
  EXPECT_FALSE(hasher.verify("no hash", "correct horse").value());
}

TEST(PasswordHasherTest, AnUnknownUserCostsAsMuch) {
  const PasswordHasher hasher(cheap);
  EXPECT_FALSE(hasher.verify("", "correct horse").value());
  EXPECT_EQ(hasher.computed(), 1u);
}

TEST(PasswordHasherTest, TellsHashesOfOtherParameters) {
  const PasswordHasher hasher(cheap);
  const PasswordHasher stronger({.operations = 2, .memory_bytes = 16384});
  const std::string hash = hasher.hash("correct horse").value();
  EXPECT_FALSE(hasher.is_outdated(hash));
  EXPECT_TRUE(stronger.is_outdated(hash));
  EXPECT_TRUE(stronger.verify(hash, "correct horse").value());
}

}  // namespace
}  // namespace dth::control
