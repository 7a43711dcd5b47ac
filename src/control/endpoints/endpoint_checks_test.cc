#include "control/endpoints/endpoint_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_reader.h"
#include "base/testing/run_for_test.h"
#include "objects/faulty.h"
#include "objects/testing/fake_client.h"

namespace dth::control {
namespace {

using objects::FaultPlan;
using objects::MemoryBucket;
using objects::ReachStep;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using enum ErrorCode;

class EndpointTestTest : public ::testing::Test {
 protected:
  EndpointTestTest() {
    for (const auto what :
         {ReachStep::What::address, ReachStep::What::connection, ReachStep::What::tls})
      endpoint_.steps.push_back({.what = what, .time = std::chrono::milliseconds(3)});
    endpoint_.buckets->buckets.push_back({.name = "b"});
    endpoint_.answer.clock_ahead = std::chrono::milliseconds(200);
    endpoint_.store = &store_;
  }

  EndpointTestReport test(EndpointTestRequest request = {}) {
    request.bucket = bucket_name_;
    request.writes = writes_;
    report_ =
        run_for_test(context_, test_endpoint(lane_, clock_, std::move(request)), &clock_).value();
    return report_;
  }
  // "+" passed, "~" warning, "-" failed, "." not tried: in the order of the checks.
  static std::string states(const EndpointTestReport& report) {
    std::string states;
    for (const EndpointCheck& check : report.checks)
      states += "+~-."[static_cast<std::size_t>(check.state)];
    return states;
  }
  const EndpointCheck& check(CheckName name) const {
    return report_.checks.at(static_cast<std::size_t>(name));
  }

  boost::asio::io_context context_{1};
  SimulatedClock clock_;
  MemoryBucket bucket_;
  objects::MemoryStore store_{bucket_, clock_};
  objects::testing::FakeEndpoint endpoint_;
  objects::testing::FakeLane lane_{endpoint_, clock_};
  std::string bucket_name_;
  bool writes_ = false;
  EndpointTestReport report_;
};

TEST_F(EndpointTestTest, EverythingIsCheckedInOrderAndWhatWasWrittenIsGone) {
  bucket_.put("a", "text");
  bucket_name_ = "bucket";
  writes_ = true;
  EXPECT_EQ(states(test()), "++++++++++");
  EXPECT_TRUE(report_.ok());
  EXPECT_EQ(report_.identity, "arn:aws:iam::1:user/a");
  EXPECT_EQ(check(CheckName::credential).detail, report_.identity);
  EXPECT_EQ(check(CheckName::address).time->count(), 3);
  EXPECT_EQ(check(CheckName::list_buckets).detail, "1 bucket");
  EXPECT_THAT(check(CheckName::write).detail, HasSubstr(".dth-test"));
  EXPECT_THAT(bucket_.keys(), ElementsAre("a"));
  EXPECT_FALSE(endpoint_.opened.at(0).read_only);
}

TEST_F(EndpointTestTest, WithoutABucketItsChecksAreNotTried) {
  EXPECT_EQ(states(test()), "++++++....");
  EXPECT_TRUE(report_.ok());
  EXPECT_EQ(check(CheckName::list).detail, "No bucket was given.");
  EXPECT_TRUE(endpoint_.opened.at(0).read_only);
}

TEST_F(EndpointTestTest, AfterAFailureOnTheWayTheRestIsNotTried) {
  const Error error{unavailable, ErrorReason::unreachable, "cannot connect", ""};
  endpoint_.steps.resize(2);
  endpoint_.steps[1].error = error;
  EXPECT_EQ(states(test()), "+-........");
  EXPECT_FALSE(report_.ok());
  EXPECT_THAT(check(CheckName::connection).error, HasSubstr("cannot connect"));
  EXPECT_THAT(check(CheckName::connection).advice, HasSubstr("hub's host"));
  EXPECT_EQ(check(CheckName::credential).detail, "An earlier check failed.");
  EXPECT_THAT(endpoint_.bucket_requests, IsEmpty());
}

TEST_F(EndpointTestTest, CredentialThatIsRefusedIsTheCheckThatFails) {
  endpoint_.buckets = Error{unauthenticated, "not known", "InvalidAccessKeyId"};
  endpoint_.answer.vendor_code = "InvalidAccessKeyId";
  endpoint_.answer.request_id = "tx1";
  bucket_name_ = "bucket";
  EXPECT_EQ(states(test()), "+++-+.....");
  EXPECT_EQ(check(CheckName::credential).vendor_code, "InvalidAccessKeyId");
  EXPECT_EQ(check(CheckName::credential).request_id, "tx1");
}

TEST_F(EndpointTestTest, WhoMayNotListBucketsIsNamedThePermissionAndGoesOn) {
  bucket_.put("a", "text");
  endpoint_.buckets = Error{permission_denied, "denied", "AccessDenied"};
  bucket_name_ = "bucket";
  EXPECT_EQ(states(test()), "+++++~++..");
  EXPECT_TRUE(report_.ok());
  EXPECT_EQ(check(CheckName::list_buckets).missing_permission, "s3:ListAllMyBuckets");
}

TEST_F(EndpointTestTest, MissingBucketFailsTheListing) {
  bucket_.set_exists(false);
  bucket_name_ = "bucket";
  EXPECT_EQ(states(test()), "++++++-...");
  EXPECT_EQ(check(CheckName::read).detail, "An earlier check failed.");
}

TEST_F(EndpointTestTest, NobodyWhoSignsIsNoFailure) {
  endpoint_.identity = std::string();
  bucket_.put("a", "text");
  bucket_name_ = "bucket";
  EXPECT_EQ(states(test()), "+++.+.++..");
  EXPECT_EQ(check(CheckName::credential).detail, "Requests are not signed.");
  EXPECT_THAT(endpoint_.bucket_requests, IsEmpty());
}

TEST_F(EndpointTestTest, PlainHttpIsAWarning) {
  endpoint_.steps.resize(2);
  EXPECT_EQ(states(test()), "++~+++....");
}

TEST_F(EndpointTestTest, ClockFarOffIsAWarning) {
  endpoint_.answer.clock_ahead = std::chrono::milliseconds(-600'000);
  EXPECT_EQ(states(test()), "++++~+....");
  EXPECT_EQ(check(CheckName::clock).detail, "The store's clock is 600 s behind.");
}

TEST_F(EndpointTestTest, NothingToReadIsNotTried) {
  bucket_name_ = "bucket";
  EXPECT_EQ(states(test()), "+++++++...");
  EXPECT_EQ(check(CheckName::read).detail, "There is no object to read.");
}

TEST_F(EndpointTestTest, CredentialThatCannotBeHadIsItsCheck) {
  endpoint_.open_error = Error{not_found, "there is no credential x", ""};
  EXPECT_EQ(states(test()), "...-......");
}

TEST_F(EndpointTestTest, StoreThatHangsEndsTheTest) {
  endpoint_.hangs = true;
  bucket_name_ = "bucket";
  const auto began = clock_.monotonic_now();
  EXPECT_EQ(states(test()), "+++.+-....");
  EXPECT_LT(clock_.monotonic_now() - began, std::chrono::seconds(30));
  EXPECT_THAT(check(CheckName::list_buckets).error, HasSubstr("no answer in time"));
}

// The answer of the write is lost: what may have been written is taken away.
TEST_F(EndpointTestTest, WriteOfUnknownOutcomeIsCleanedUp) {
  FaultPlan plan;
  plan.of(objects::StoreOperation::put).unavailable_after = 1;
  objects::FaultCounts counts;
  const auto faulty = objects::make_faulty_store(store_, clock_, plan, counts);
  endpoint_.store = faulty.get();
  bucket_name_ = "bucket";
  writes_ = true;
  EXPECT_EQ(states(test()), "+++++++.-+");
  EXPECT_EQ(counts.unavailable_after, 1u);
  EXPECT_THAT(bucket_.keys(), IsEmpty());
}

TEST_F(EndpointTestTest, ObjectThatStaysIsNamed) {
  FaultPlan plan;
  plan.of(objects::StoreOperation::remove).unavailable_before = 1;
  objects::FaultCounts counts;
  const auto faulty = objects::make_faulty_store(store_, clock_, plan, counts);
  endpoint_.store = faulty.get();
  bucket_name_ = "bucket";
  writes_ = true;
  EXPECT_EQ(states(test()), "+++++++.+-");
  ASSERT_EQ(bucket_.keys().size(), 1u);
  EXPECT_THAT(check(CheckName::remove).detail, HasSubstr(bucket_.keys()[0]));
}

TEST_F(EndpointTestTest, DirectoriesHaveNoServerToReach) {
  bucket_.put("a", "text");
  bucket_name_ = "/data";
  EXPECT_EQ(states(test({.has_server = false})), "......++..");
  EXPECT_EQ(check(CheckName::tls).detail, "It is on the hub's host.");
}

TEST_F(EndpointTestTest, ReportIsKeptAsTheApiHasIt) {
  const auto json = parse_json(to_json(test()), "report").value();
  EXPECT_EQ(json.at("ok"), true);
  EXPECT_EQ(json.at("clockSkewMilliseconds"), 200);
  EXPECT_EQ(json.at("checks").as_array().size(), 10u);
  EXPECT_EQ(json.at("checks").at(5).at("name"), "LIST_BUCKETS");
  EXPECT_EQ(json.at("checks").at(9).at("state"), "NOT_TRIED");
  EXPECT_TRUE(json.at("checks").at(9).at("milliseconds").is_null());
}

}  // namespace
}  // namespace dth::control
