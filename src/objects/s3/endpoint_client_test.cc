#include "objects/s3/endpoint_client.h"

#include "objects/s3/testing/scripted_store.h"

namespace dth::objects::s3 {
namespace {

using What = ReachStep::What;

class EndpointClientTest : public S3StoreTest {
 protected:
  Result<BucketPage> buckets(BucketRequest request = {}) {
    return run(store().list_buckets(std::move(request)));
  }
  static std::string list_of(const std::string& names, const std::string& more = "") {
    std::string xml = "<ListAllMyBucketsResult><Buckets>";
    for (const char name : names) {
      xml += "<Bucket><Name>" + std::string(1, name) +
             "</Name><CreationDate>2026-01-02T03:04:05.000Z</CreationDate></Bucket>";
    }
    return xml + "</Buckets>" + more + "</ListAllMyBucketsResult>";
  }
  static std::string names_of(const Result<BucketPage>& page) {
    std::string names;
    for (const BucketInfo& bucket : page->buckets) names += bucket.name;
    return names;
  }
  static std::string names_of(const Result<LevelPage>& page) {
    std::string names;
    for (const LevelEntry& entry : page->entries)
      names += (entry.is_prefix ? "[" + entry.object.key + "]" : entry.object.key) + " ";
    return names;
  }
};

TEST_F(EndpointClientTest, BucketsThatComeAllAtOnceAreHandedOutByPages) {
  options_.bucket = "";
  options_.of_service = true;
  script_ = {{.body = list_of("dbac")}, {.body = list_of("dbac")}};
  const auto first = buckets({.page_size = 3});
  ASSERT_TRUE(first.has_value()) << first.error().to_string();
  EXPECT_EQ(names_of(first), "abc");
  EXPECT_TRUE(first->buckets[0].created.known());
  const auto second = buckets({.token = first->next_token, .page_size = 3});
  EXPECT_EQ(names_of(second), "d");
  EXPECT_EQ(second->next_token, "");
  EXPECT_EQ(seen_[0].request.target, "/");
  EXPECT_EQ(seen_[0].origin.host, "store.example.com");
}

TEST_F(EndpointClientTest, AwsIsAskedForPagesOfBuckets) {
  options_.bucket = options_.vendor = "";
  options_.of_service = true;
  options_.endpoint.reset();
  script_ = {{.body = list_of("ab", "<ContinuationToken>next</ContinuationToken>")},
             {.body = list_of("c")}};
  const auto first = buckets({.prefix = "p", .page_size = 2});
  EXPECT_EQ(names_of(first), "ab");
  EXPECT_EQ(names_of(buckets({.prefix = "p", .token = first->next_token, .page_size = 2})), "c");
  EXPECT_NE(seen_[0].request.target.find("max-buckets=2"), std::string::npos);
  EXPECT_NE(seen_[1].request.target.find("continuation-token=next"), std::string::npos);
  EXPECT_NE(seen_[1].request.target.find("prefix=p"), std::string::npos);
}

TEST_F(EndpointClientTest, WhatIsNoListOfBucketsIsAnError) {
  options_.of_service = true;
  for (const char* body : {"<html>hello</html>", "", "<ListAllMyBucketsResult><Buckets>",
                           "<Error><Code>AccessDenied</Code></Error>"}) {
    script_ = {{.body = body}};
    EXPECT_TRUE(buckets().has_error()) << body;
  }
}

TEST_F(EndpointClientTest, LevelHasPrefixesAndObjectsInOneOrder) {
  script_ = {{.body = "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t"
                      "</NextContinuationToken><EncodingType>url</EncodingType>"
                      "<Contents><Key>a/</Key><Size>0</Size></Contents>"
                      "<Contents><Key>a/c%20d</Key><Size>5</Size></Contents>"
                      "<CommonPrefixes><Prefix>a/b/</Prefix></CommonPrefixes>"
                      "<CommonPrefixes><Prefix>a/z%2B/</Prefix></CommonPrefixes>"
                      "</ListBucketResult>"},
             {.body = empty_listing}};
  const auto page = run(store().list_level({.bucket = "bucket", .prefix = "a/", .page_size = 4}));
  ASSERT_TRUE(page.has_value()) << page.error().to_string();
  EXPECT_EQ(names_of(page), "a/ [a/b/] a/c d [a/z+/] ");
  EXPECT_NE(seen_[0].request.target.find("delimiter=%2F"), std::string::npos);
  const auto rest =
      run(store().list_level({.bucket = "bucket", .prefix = "a/", .token = page->next_token}));
  EXPECT_EQ(names_of(rest), "");
  EXPECT_EQ(rest->next_token, "");
  EXPECT_NE(seen_[1].request.target.find("continuation-token=t"), std::string::npos);
}

TEST_F(EndpointClientTest, PageThatEndsWithAPrefixGoesOnBehindAllOfIt) {
  options_.vendor = "baidu";  // ListObjects, which may not say where it goes on
  script_ = {{.body = "<ListBucketResult><IsTruncated>true</IsTruncated>"
                      "<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes></ListBucketResult>"},
             {.body = empty_listing}};
  const auto page = run(store().list_level({.bucket = "bucket", .page_size = 1}));
  ASSERT_TRUE(page.has_value()) << page.error().to_string();
  run(store().list_level({.bucket = "bucket", .token = page->next_token, .page_size = 1}));
  EXPECT_NE(seen_[1].request.target.find("marker=a%2F%F4%8F%BF%BF"), std::string::npos)
      << seen_[1].request.target;
}

TEST_F(EndpointClientTest, NotesOfARefusalHoldNoSecret) {
  script_ = {{.status = 403,
              .headers = {{"x-amz-request-id", "id-t0ken-of-session"}},
              .body = error_document("AccessDenied")}};
  EXPECT_TRUE(run(store().list_level({.bucket = "bucket"})).has_error());
  EXPECT_EQ(store().refusal_note().code, "AccessDenied");
  EXPECT_EQ(store().refusal_note().request_id.find("t0ken"), std::string::npos);
  store().forget_refusal();
  EXPECT_EQ(store().refusal_note().code, "");
}

TEST(ClockAhead, IsMeasuredFromTheMiddleOfTheExchange) {
  const TimePoint sent = *parse_time("2026-11-23T12:00:00Z");
  const TimePoint answered = sent + std::chrono::seconds(2);
  EXPECT_EQ(clock_ahead("Mon, 23 Nov 2026 12:00:11 GMT", sent, answered)->count(), 10'500);
  EXPECT_EQ(clock_ahead("Mon, 23 Nov 2026 11:59:01 GMT", sent, answered)->count(), -59'500);
  EXPECT_FALSE(clock_ahead("yesterday", sent, answered));
}

TEST(ReachSteps, EndWithTheOneThatFailed) {
  const MonotonicTime began{}, ended = began + std::chrono::seconds(9);
  const Error refused{ErrorCode::unavailable, "no", ""};
  net::ConnectReport report;
  EXPECT_EQ(reach_steps(report, refused, true, began, ended).back().what, What::address);
  report.resolved_at = began + std::chrono::seconds(1);
  EXPECT_EQ(reach_steps(report, refused, true, began, ended).back().what, What::address)
      << "no address may be connected to";
  report.tried = {{boost::asio::ip::make_address("192.0.2.1"), 443},
                  {boost::asio::ip::make_address("192.0.2.2"), 443}};
  auto steps = reach_steps(report, refused, true, began, ended);
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].detail, "192.0.2.1 and 1 other");
  EXPECT_EQ(steps[1].what, What::connection);
  EXPECT_EQ(steps[1].error->message, "no");
  report.connected_at = began + std::chrono::seconds(3);
  steps = reach_steps(report, refused, true, began, ended);
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[1].detail, "192.0.2.2, port 443");
  EXPECT_EQ(steps[2].time, std::chrono::seconds(6));
  EXPECT_TRUE(steps[2].error);
  EXPECT_EQ(reach_steps(report, std::nullopt, false, began, ended).size(), 2u);
}

}  // namespace
}  // namespace dth::objects::s3
