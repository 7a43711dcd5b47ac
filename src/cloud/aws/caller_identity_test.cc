#include "cloud/aws/caller_identity.h"

#include <gmock/gmock.h>

#include "base/simulated_clock.h"
#include "cloud/aws/testing/scripted_identity.h"

namespace dth::aws {
namespace {

using testing::answer;
using ::testing::HasSubstr;
using ::testing::Not;

class CallerIdentityTest : public ::testing::Test {
 protected:
  Result<std::string> ask() {
    const IdentityServices services{transport_, clock_};
    StsPlace place{.origin = {}, .region = "cn-north-1"};
    place.origin.host = "sts.cn-north-1.amazonaws.com.cn";
    auto caller = std::make_shared<const Credentials>(Credentials{"AKID", "s3cr3t", "t0ken"});
    return run_for_test(context_, ask_caller_identity(services, caller, place), &clock_);
  }

  boost::asio::io_context context_;
  SimulatedClock clock_{*parse_time("2026-11-23T12:00:00Z")};
  testing::ScriptedIdentityTransport transport_;
};

TEST_F(CallerIdentityTest, ArnIsWhatStsSays) {
  transport_.script = {answer(
      200,
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>"
      "arn:aws-cn:iam::1:user/a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>")};
  EXPECT_EQ(ask().value(), "arn:aws-cn:iam::1:user/a");
  EXPECT_THAT(transport_.asked[0].body, HasSubstr("Action=GetCallerIdentity"));
  EXPECT_THAT(transport_.asked[0].header("Authorization"), HasSubstr("/cn-north-1/sts/"));
}

TEST_F(CallerIdentityTest, RefusalSaysWhyAndNoSecret) {
  transport_.script = {answer(403,
                              "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>"
                              "s3cr3t t0ken</Message></Error></ErrorResponse>")};
  const auto refused = ask();
  EXPECT_EQ(refused.error().code, ErrorCode::unauthenticated);
  EXPECT_THAT(refused.error().to_string(), Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(refused.error().to_string(), Not(HasSubstr("t0ken")));
  transport_.script = {answer(200, "<html/>")};
  EXPECT_EQ(ask().error().code, ErrorCode::data_corrupted);
}

TEST_F(CallerIdentityTest, ClockIsLearntOnce) {
  transport_.script = {
      answer(403,
             "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>",
             "Mon, 23 Nov 2026 14:00:00 GMT"),
      answer(403, "", "Mon, 23 Nov 2026 18:00:00 GMT")};
  EXPECT_TRUE(ask().has_error());
  ASSERT_EQ(transport_.asked.size(), 2u);
  EXPECT_EQ(transport_.asked[1].header("X-Amz-Date"), "20261123T140000Z");
}

}  // namespace
}  // namespace dth::aws
