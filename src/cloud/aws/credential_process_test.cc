#include "cloud/aws/credential_process.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"
#include "net/testing/certificates.h"

namespace dth::aws {
namespace {

using namespace std::chrono_literals;
using net::testing::TemporaryFile;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Words = std::vector<std::string>;

TEST(SplitWords, AsAShellDoesAndNothingMore) {
  EXPECT_EQ(split_words("a  b\tc "), (Words{"a", "b", "c"}));
  EXPECT_EQ(split_words(R"("a b" 'c d' e\ f)"), (Words{"a b", "c d", "e f"}));
  EXPECT_EQ(split_words(R"(a"b"'c')"), (Words{"abc"}));
  EXPECT_EQ(split_words(R"("" '')"), (Words{"", ""}));
  EXPECT_EQ(split_words(R"("a\"b" "c\d" 'e\f')"), (Words{"a\"b", "c\\d", "e\\f"}));
  EXPECT_EQ(split_words("$HOME ~ *;`x` | &"), (Words{"$HOME", "~", "*;`x`", "|", "&"}));
  EXPECT_EQ(split_words(""), Words{});
  EXPECT_EQ(split_words("a 'b"), std::nullopt);
  EXPECT_EQ(split_words("a \"b"), std::nullopt);
}

class ProcessTest : public ::testing::Test {
 protected:
  ProcessTest() : clock(*parse_time("2026-11-23T12:00:00Z")) {}

  // A script run by sh; `arguments` follow its name.
  Result<CredentialSource::Fetched> run(const std::string& script,
                                        const std::string& arguments = "",
                                        std::chrono::milliseconds patience = 20s) {
    const TemporaryFile file(script);
    auto source = make_process_source("/bin/sh '" + file.path() + "' " + arguments, environment,
                                      clock, patience);
    return run_for_test(context, source->fetch());
  }

  boost::asio::io_context context;
  SimulatedClock clock;
  Environment environment;
};

TEST_F(ProcessTest, WhatItPrintsIsUnderstood) {
  auto fetched =
      run("cat <<END\n"
          R"({"Version": 1, "AccessKeyId": "$1", "SecretAccessKey": "s", "SessionToken": "t",)"
          R"( "Expiration": "2026-11-23T13:00:00+00:00"})"
          "\nEND\n",
          "'an id'");
  ASSERT_TRUE(fetched) << fetched.error().to_string();
  EXPECT_EQ(fetched->credentials, (Credentials{"an id", "s", "t"}));
  EXPECT_EQ(fetched->lifetime, 1h);
}

TEST_F(ProcessTest, ItsVariablesAreThoseThatAreHandedIn) {
  ASSERT_EQ(::setenv("DTH_TEST_OF_THIS_PROCESS", "seen", 1), 0);
  environment = {{"ID", "handed in"}};
  auto fetched = run(R"(echo '{"Version": 1, "AccessKeyId": "'"$ID$DTH_TEST_OF_THIS_PROCESS"'",)"
                     R"( "SecretAccessKey": "s"}')");
  ::unsetenv("DTH_TEST_OF_THIS_PROCESS");
  ASSERT_TRUE(fetched) << fetched.error().to_string();
  EXPECT_EQ(fetched->credentials.access_key_id, "handed in");
}

TEST_F(ProcessTest, FailuresAreToldWithoutWhatItPrinted) {
  for (const char* script : {"echo s3cret; exit 3", "echo s3cret", "kill -9 $$",
                             "echo '{\"Version\":2,\"AccessKeyId\":\"s3cret\"}'"}) {
    const Error error = run(script, "--password=s3cret").error();
    EXPECT_THAT(error.to_string(), AllOf(HasSubstr("/bin/sh"), Not(HasSubstr("s3cret")))) << script;
  }
  EXPECT_THAT(run("exit 3").error().message, HasSubstr("with status 3"));
  EXPECT_THAT(run("kill -9 $$").error().message, HasSubstr("by a signal"));
  auto missing = make_process_source("/does/not/exist --password s3cret", environment, clock);
  EXPECT_THAT(
      run_for_test(context, missing->fetch()).error().to_string(),
      AllOf(HasSubstr("'/does/not/exist'"), HasSubstr("not started"), Not(HasSubstr("s3cret"))));
  auto open_quote = make_process_source("tool 's3cret", environment, clock);
  EXPECT_THAT(run_for_test(context, open_quote->fetch()).error().to_string(),
              Not(HasSubstr("s3cret")));
}

TEST_F(ProcessTest, OutputAndTimeAreBounded) {
  EXPECT_THAT(
      run("while :; do echo 0123456789012345678901234567890123456789; done").error().message,
      HasSubstr("more than 64 KiB"));
  EXPECT_THAT(run("exec sleep 1000", "", 50ms).error().message, HasSubstr("in time"));
  EXPECT_THAT(run("exec >&-; exec sleep 1000", "", 50ms).error().message, HasSubstr("in time"));
}

TEST_F(ProcessTest, ItGetsNoInputAndNoneOfOurFiles) {
  const TemporaryFile ours("x");
  std::FILE* file = std::fopen(ours.path().c_str(), "r");  // not close-on-exec
  ASSERT_NE(file, nullptr);
  const std::string number = std::to_string(fileno(file));
  const Error error =
      run("read line && exit 4; [ -e /proc/self/fd/" + number + " ] && exit 5; exit 6").error();
  std::fclose(file);
  EXPECT_THAT(error.message, HasSubstr("with status 6"));
}

}  // namespace
}  // namespace dth::aws
