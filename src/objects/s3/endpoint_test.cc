// What an answer teaches while other requests are under way, which were sent before and are refused for the same reason.
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

TEST(Endpoint, unsigned_payloads_that_were_under_way_are_sent_again_signed) {
  Endpoint endpoint = endpoint_of("aws");
  const Refusal denied = refusal_of(403, "AccessDenied");
  EXPECT_EQ(endpoint.learn(denied, upload(true)), Lesson::payload);
  EXPECT_EQ(endpoint.learn(denied, upload(true)), Lesson::payload) << "while the first one is tried again";
  endpoint.succeeded(upload(false));
  EXPECT_EQ(endpoint.learn(denied, upload(true)), Lesson::payload) << "when it is known";
  EXPECT_EQ(endpoint.learn(denied, upload(false)), Lesson::none);
}

TEST(Endpoint, payloads_are_not_signed_where_that_was_not_the_reason) {
  Endpoint endpoint = endpoint_of("aws");
  const Refusal denied = refusal_of(403, "AccessDenied");
  EXPECT_EQ(endpoint.learn(denied, upload(true)), Lesson::payload);
  EXPECT_EQ(endpoint.learn(denied, upload(false)), Lesson::none);
  EXPECT_EQ(endpoint.learn(denied, upload(true)), Lesson::none);
  EXPECT_FALSE(endpoint.signs_payload());
}

TEST(Endpoint, checksums_that_were_under_way_are_learnt_from_too) {
  Endpoint endpoint = endpoint_of("minio");
  Attempt attempt = upload(true);
  attempt.with_checksums = true;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(endpoint.learn(refusal_of(501, "NotImplemented"), attempt), Lesson::checksums);
  EXPECT_FALSE(endpoint.limits().enforces_checksums);
}

TEST(Endpoint, a_clock_that_goes_wrong_is_learnt_by_all_that_is_under_way) {
  Endpoint endpoint = endpoint_of("aws");
  Refusal skewed = refusal_of(403, "RequestTimeTooSkewed");
  skewed.date = "Mon, 23 Nov 2026 13:30:00 GMT";
  Attempt attempt = upload(true);
  attempt.now = attempt.signed_at = TimePoint(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)) + std::chrono::hours(12);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(endpoint.learn(skewed, attempt), Lesson::clock);
  attempt.signed_at = endpoint.server_time(attempt.now);
  EXPECT_EQ(attempt.signed_at - attempt.now, std::chrono::minutes(90));
  EXPECT_EQ(endpoint.learn(skewed, attempt), Lesson::none) << "it had the right time";
}

}  // namespace
}  // namespace dth::objects::s3
