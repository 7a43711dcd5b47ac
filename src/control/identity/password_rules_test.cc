#include "control/identity/password_rules.h"

#include <gtest/gtest.h>

namespace dth::control {
namespace {

TEST(PasswordRulesTest, CommonOnesAreFoundByRule) {
  for (const char* password : {"password1234", "P@ssw0rd2026!!", "adminadmin12", "aaaaaaaaaaaa",
                               "abcabcabcabc", "qwertyuiop12", "123456789012", "abcdefghijkl",
                               "Summer2026!!!", "correcthorsebatterystaple", "letmein!!!!!!",
                               "1q2w3e4r5t6y", "WelcomeWelcome1", "lkjhgfdsapoi"})
    EXPECT_TRUE(is_common_password(password)) << password;
  for (const char* password : {"violet otter sails north", "kT9#vL2pQx7w",
                               "the kettle is on the roof", "mzzqhvtrplkj", "grünerTeeamMorgen"})
    EXPECT_FALSE(is_common_password(password)) << password;
}

TEST(PasswordRulesTest, LengthIsCountedInCharacters) {
  EXPECT_FALSE(check_password("kT9#vL2pQx7", "", "").has_value());
  EXPECT_TRUE(check_password("kT9#vL2pQx7w", "", "").has_value());
  EXPECT_FALSE(check_password("äöüßéèñç", "", "").has_value()) << "16 bytes, 8 characters";
  EXPECT_FALSE(check_password(std::string(1025, 'x') + "kT9#vL2pQx7w", "", "").has_value());
  EXPECT_FALSE(check_password("kT9#vL2pQx7w\xff", "", "").has_value());
}

TEST(PasswordRulesTest, NotMadeOfTheUsersOwnName) {
  EXPECT_FALSE(check_password("margaretX19z", "Margaret", "m@example.org").has_value());
  EXPECT_FALSE(check_password("XmhamiltonQ1", "Margaret", "mhamilton@example.org").has_value());
  EXPECT_TRUE(check_password("kT9#vL2pQx7w", "Margaret", "mhamilton@example.org").has_value());
}

}  // namespace
}  // namespace dth::control
