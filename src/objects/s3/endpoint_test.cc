// What an answer teaches while other requests are under way, which were sent before and are refused
// for the same reason.
#include "objects/s3/endpoint.h"

#include <gtest/gtest.h>

namespace dth::objects::s3 {
namespace {

Endpoint endpoint_of(std::string vendor) {
  S3Options options;
  options.bucket = "bucket";
  options.vendor = std::move(vendor);
  return Endpoint(std::move(options));
}

Refusal refusal_of(int status, std::string code) {
  Refusal refusal;
  refusal.status = status;
  refusal.code = std::move(code);
  return refusal;
}

Attempt upload(bool unsigned_payload) {
  Attempt attempt;
  attempt.is_signed = attempt.has_body = true;
  attempt.unsigned_payload = unsigned_payload;
  return attempt;
}

AidTrial trial_;

TEST(Endpoint, UnsignedPayloadsThatWereUnderWayAreSentAgainSigned) {
  Endpoint endpoint = endpoint_of("aws");
  const Refusal denied = refusal_of(403, "AccessDenied");
  EXPECT_EQ(endpoint.apply(denied, upload(true), &trial_), EndpointUpdate::payload);
  EXPECT_EQ(endpoint.apply(denied, upload(true), &trial_), EndpointUpdate::payload)
      << "while the first one is tried again";
  endpoint.succeeded(upload(false));
  EXPECT_EQ(endpoint.apply(denied, upload(true), &trial_), EndpointUpdate::payload)
      << "when it is known";
  EXPECT_EQ(endpoint.apply(denied, upload(false), &trial_), EndpointUpdate::none);
}

TEST(Endpoint, PayloadsAreNotSignedWhereThatWasNotTheReason) {
  Endpoint endpoint = endpoint_of("aws");
  const Refusal denied = refusal_of(403, "AccessDenied");
  EXPECT_EQ(endpoint.apply(denied, upload(true), &trial_), EndpointUpdate::payload);
  EXPECT_EQ(endpoint.apply(denied, upload(false), &trial_), EndpointUpdate::none);
  EXPECT_EQ(endpoint.apply(denied, upload(true), &trial_), EndpointUpdate::none);
  EXPECT_FALSE(endpoint.signs_payload());
}

TEST(Endpoint, ChecksumsAreGivenUpOnceARequestWithoutThemSucceeds) {
  Endpoint endpoint = endpoint_of("minio");
  Attempt attempt = upload(true);
  attempt.aids = TransferAid::checksums;
  for (int i = 0; i < 2; ++i) {
    AidTrial trial;
    EXPECT_EQ(endpoint.apply(refusal_of(501, "NotImplemented"), attempt, &trial),
              EndpointUpdate::aid);
    EXPECT_TRUE(trial.without.has(TransferAid::checksums));
    EXPECT_EQ(endpoint.limits().enforces_checksums, i == 0);
    attempt.without = trial.without;
    endpoint.succeeded(attempt);
    attempt.without = {};
    EXPECT_FALSE(endpoint.limits().enforces_checksums);
  }
}

TEST(Endpoint, WhatOneLaneLearntCostsAnotherNoTry) {
  S3Options options;
  options.bucket = "bucket";
  options.vendor = "minio";
  options.learnt_aids = std::make_shared<LearntAids>();
  Endpoint first(options), second(options);
  Attempt attempt = upload(true);
  attempt.aids = TransferAid::checksums;
  AidTrial trial;
  EXPECT_EQ(first.apply(refusal_of(501, "NotImplemented"), attempt, &trial), EndpointUpdate::aid);
  Attempt again = attempt;
  again.without = trial.without;
  first.succeeded(again);
  EXPECT_TRUE(second.uses(TransferAid::checksums)) << "its plans are made with it until a refusal";
  AidTrial other;
  EXPECT_EQ(second.apply(refusal_of(501, "NotImplemented"), attempt, &other), EndpointUpdate::aid);
  EXPECT_FALSE(second.uses(TransferAid::checksums))
      << "known at once, and not when a try succeeded";
  EXPECT_FALSE(second.limits().enforces_checksums);
}

TEST(Endpoint, AClockThatGoesWrongIsLearntByAllThatIsUnderWay) {
  Endpoint endpoint = endpoint_of("aws");
  Refusal skewed = refusal_of(403, "RequestTimeTooSkewed");
  skewed.date = "Mon, 23 Nov 2026 13:30:00 GMT";
  Attempt attempt = upload(true);
  attempt.now = attempt.signed_at =
      TimePoint(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)) + std::chrono::hours(12);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(endpoint.apply(skewed, attempt, &trial_), EndpointUpdate::clock);
  attempt.signed_at = endpoint.server_time(attempt.now);
  EXPECT_EQ(attempt.signed_at - attempt.now, std::chrono::minutes(90));
  EXPECT_EQ(endpoint.apply(skewed, attempt, &trial_), EndpointUpdate::none)
      << "it had the right time";
}

// ----- Where requests go -----

Endpoint endpoint_at(const std::string& host) {
  S3Options options;
  options.bucket = "bucket";
  options.endpoint = net::HttpOrigin{host, 443, true};
  options.addressing = Addressing::path;
  return Endpoint(std::move(options));
}

Refusal elsewhere(const std::string& region, const std::string& location = "") {
  Refusal refusal = refusal_of(301, "PermanentRedirect");
  refusal.region = region;
  refusal.location = location;
  return refusal;
}

Attempt attempt_at(const Endpoint& endpoint) {
  Attempt attempt;
  attempt.region = endpoint.region();
  attempt.host = endpoint.address().origin.host;
  return attempt;
}

TEST(Endpoint, APlainNameOfS3IsLeftForTheSameInTheBucketsRegion) {
  for (const auto& [host, other] :
       {std::pair{"s3.us-east-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"},
        {"s3.amazonaws.com", "s3.eu-west-1.amazonaws.com"},
        {"s3-fips.dualstack.us-east-1.amazonaws.com",
         "s3-fips.dualstack.eu-west-1.amazonaws.com"}}) {
    Endpoint endpoint = endpoint_at(host);
    EXPECT_EQ(endpoint.apply(elsewhere("eu-west-1"), attempt_at(endpoint), &trial_),
              EndpointUpdate::place)
        << host;
    EXPECT_EQ(endpoint.address().origin.host, other);
    EXPECT_EQ(endpoint.region(), "eu-west-1");
  }
}

TEST(Endpoint, AWayOfItsOwnToS3IsNeverLeft) {
  for (const char* host :
       {"bucket.vpce-1a2b-3c.s3.us-east-1.vpce.amazonaws.com", "s3-accelerate.amazonaws.com",
        "my-lb-123.us-east-1.elb.amazonaws.com", "mine-123.s3-accesspoint.us-east-1.amazonaws.com",
        "mine-123.op-1.s3-outposts.us-east-1.amazonaws.com",
        "s3express-use1-az4.us-east-1.amazonaws.com"}) {
    Endpoint endpoint = endpoint_at(host);
    EXPECT_EQ(endpoint.apply(elsewhere("eu-west-1"), attempt_at(endpoint), &trial_),
              EndpointUpdate::place)
        << host;
    EXPECT_EQ(endpoint.region(), "eu-west-1") << "only that is learnt";
    EXPECT_EQ(endpoint.address().origin.host, host);
    for (const char* location :
         {"https://s3.eu-west-1.amazonaws.com/", "https://bucket.s3.eu-west-1.amazonaws.com/",
          "s3.amazonaws.com"}) {
      EXPECT_EQ(endpoint.apply(elsewhere("", location), attempt_at(endpoint), &trial_),
                EndpointUpdate::none)
          << host << " " << location;
      EXPECT_EQ(endpoint.address().origin.host, host);
    }
  }
}

TEST(Endpoint, RedirectsLeadFromOnePlainNameToAnotherOnly) {
  for (const char* location :
       {"https://ec2-1-2-3-4.compute-1.amazonaws.com/",
        "https://my-lb-123.us-east-1.elb.amazonaws.com/",
        "https://evil.s3.eu-west-1.amazonaws.com/", "https://s3.cn-north-1.amazonaws.com.cn/",
        "https://bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com/", "https://example.com/"}) {
    Endpoint endpoint = endpoint_at("s3.us-east-1.amazonaws.com");
    EXPECT_EQ(endpoint.apply(elsewhere("", location), attempt_at(endpoint), &trial_),
              EndpointUpdate::none)
        << location;
    EXPECT_EQ(endpoint.address().origin.host, "s3.us-east-1.amazonaws.com");
  }
  Endpoint endpoint = endpoint_at("s3.us-east-1.amazonaws.com");
  EXPECT_EQ(endpoint.apply(elsewhere("", "https://bucket.s3-eu-west-1.amazonaws.com/key"),
                           attempt_at(endpoint), &trial_),
            EndpointUpdate::place);
  EXPECT_EQ(endpoint.address().origin.host, "s3-eu-west-1.amazonaws.com");
  Endpoint oss = endpoint_at("oss-cn-hangzhou.aliyuncs.com");
  EXPECT_EQ(oss.apply(elsewhere("", "https://bucket.oss-cn-beijing.aliyuncs.com/"), attempt_at(oss),
                      &trial_),
            EndpointUpdate::place)
      << "others have hosts of other forms";
}

}  // namespace
}  // namespace dth::objects::s3
