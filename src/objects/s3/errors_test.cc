#include "objects/s3/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::objects::s3 {
namespace {

using testing::HasSubstr;
using testing::Not;

const ErrorContext context{.tried = "PUT s3://b/k at https://h", .bucket = "b", .has_key = true};

Error error_of(int status, std::string_view body, net::HttpHeaders headers = {},
               ErrorContext of = context) {
  net::HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  return to_error(read_refusal(status, response, body), of);
}

std::string document(const std::string& code, const std::string& more = "") {
  return "<?xml version=\"1.0\"?>\n<Error><Code>" + code + "</Code>" + more + "</Error>";
}

TEST(s3_errors, CodesDecide) {
  const std::pair<const char*, ErrorCode> expected[] = {
      {"NoSuchKey", ErrorCode::not_found},
      {"NoSuchBucket", ErrorCode::not_found},
      {"NoSuchUpload", ErrorCode::not_found},
      {"AccessDenied", ErrorCode::permission_denied},
      {"SignatureDoesNotMatch", ErrorCode::permission_denied},
      {"InvalidAccessKeyId", ErrorCode::unauthenticated},
      {"ExpiredToken", ErrorCode::unauthenticated},
      {"SlowDown", ErrorCode::throttled},
      {"InternalError", ErrorCode::unavailable},
      {"PreconditionFailed", ErrorCode::precondition_failed},
      {"ConditionalRequestConflict", ErrorCode::precondition_failed},
      {"BadDigest", ErrorCode::data_corrupted},
      {"NotImplemented", ErrorCode::unsupported},
      {"EntityTooSmall", ErrorCode::invalid_argument},
      {"AccessControlListNotSupported", ErrorCode::invalid_argument},
      {"BucketAlreadyExists", ErrorCode::already_exists},
  };
  for (const auto& [code, meaning] : expected) {
    EXPECT_EQ(error_of(400, document(code)).code, meaning) << code;
    EXPECT_THAT(error_of(400, document(code)).detail, HasSubstr(code));
  }
}

TEST(s3_errors, TheRequestIdIsTold) {
  EXPECT_THAT(error_of(400, document("NoSuchKey"), {{"x-amz-request-id", "tx12"}}).detail,
              HasSubstr("request id tx12"));
  EXPECT_THAT(error_of(400, document("NoSuchKey", "<RequestId>tx13</RequestId>")).detail,
              HasSubstr("request id tx13"));
}

TEST(s3_errors, ABucketThatTakesNoAclsSaysWhatToDo) {
  EXPECT_THAT(error_of(400, document("AccessControlListNotSupported")).message,
              HasSubstr("write without an ACL"));
}

TEST(s3_errors, CephsWordForAKmsKeyThatItCannotGetIsNotAboutOurs) {
  const std::string refused =
      "<Error><Code>InvalidAccessKeyId</Code><Message>Failed to retrieve the actual key, "
      "kms-keyid: k</Message></Error>";
  EXPECT_EQ(error_of(403, refused).code, ErrorCode::invalid_argument);
  EXPECT_THAT(error_of(403, refused).message, HasSubstr("KMS key"));
}

TEST(s3_errors, ASignatureThatFailsForOneKeySaysNothingAboutOthers) {
  ErrorContext bucket = context;
  bucket.has_key = false;
  EXPECT_EQ(error_of(403, document("SignatureDoesNotMatch"), {}, bucket).code,
            ErrorCode::unauthenticated);
  EXPECT_EQ(error_of(403, document("SignatureDoesNotMatch")).code, ErrorCode::permission_denied);
  EXPECT_EQ(error_of(400, document("AuthorizationHeaderMalformed")).code,
            ErrorCode::permission_denied);
  EXPECT_EQ(error_of(403, document("InvalidAccessKeyId")).code, ErrorCode::unauthenticated);
}

TEST(s3_errors, WithoutACodeTheStatusDecides) {
  const std::pair<int, ErrorCode> expected[] = {
      {301, ErrorCode::invalid_argument}, {400, ErrorCode::invalid_argument},
      {401, ErrorCode::unauthenticated},  {403, ErrorCode::permission_denied},
      {404, ErrorCode::not_found},        {405, ErrorCode::unsupported},
      {409, ErrorCode::unavailable},      {412, ErrorCode::precondition_failed},
      {429, ErrorCode::throttled},        {500, ErrorCode::unavailable},
      {501, ErrorCode::unsupported},      {503, ErrorCode::unavailable},
      {599, ErrorCode::unavailable}};
  for (const auto& [status, meaning] : expected) {
    EXPECT_EQ(error_of(status, "").code, meaning) << status;
    EXPECT_EQ(error_of(status, "<html><body>Bad gateway</body></html>").code, meaning) << status;
    EXPECT_EQ(error_of(status, "not xml < at all").code, meaning) << status;
    EXPECT_THAT(error_of(status, "").detail, HasSubstr("HTTP " + std::to_string(status)));
  }
}

TEST(s3_errors, MessagesSayWhatWasTriedAndWhichThingIsMissing) {
  const Error key =
      error_of(404, document("NoSuchKey", "<Message></Message><RequestId>tx0001</RequestId>"));
  EXPECT_EQ(key.message, "PUT s3://b/k at https://h: there is no such object");
  EXPECT_EQ(key.detail, "NoSuchKey, request id tx0001");
  EXPECT_THAT(error_of(404, document("NoSuchBucket")).message,
              HasSubstr("the bucket 'b' does not exist"));
  EXPECT_THAT(error_of(404, "").message, HasSubstr("no such object, or no such bucket"));
  ErrorContext bucket = context;
  bucket.has_key = false;
  EXPECT_THAT(error_of(404, "", {}, bucket).message, HasSubstr("the bucket does not exist"));
}

TEST(s3_errors, WhatWasSignedIsNotRepeated) {
  const Error error = error_of(
      403, document("SignatureDoesNotMatch",
                    "<Message>It does not match</Message><AWSAccessKeyId>AKIA</AWSAccessKeyId>"
                    "<StringToSign>TOKEN</StringToSign><CanonicalRequest>x-amz-security-token:"
                    "TOKEN</CanonicalRequest>"));
  EXPECT_THAT(error.to_string(), Not(HasSubstr("TOKEN")));
  EXPECT_THAT(error.to_string(), Not(HasSubstr("AKIA")));
  EXPECT_THAT(error.to_string(), HasSubstr("It does not match"));
}

TEST(s3_errors, TheServersWordsAreBoundedAndPrintable) {
  const Error error = error_of(400, document("Odd", "<Message>a&#10;b&#27;[31m\x7f\xff" +
                                                        std::string(5000, 'x') + "</Message>"));
  EXPECT_LT(error.to_string().size(), 1500u);
  EXPECT_THAT(error.to_string(), HasSubstr("a\\nb\\x1B[31m\\x7F\\xFFx"));
}

TEST(s3_errors, RetryAfterInSeconds) {
  EXPECT_EQ(error_of(503, document("SlowDown"), {{"Retry-After", "3"}}).retry_after,
            std::chrono::seconds(3));
  EXPECT_EQ(error_of(503, "", {{"Retry-After", "soon"}}).retry_after, std::nullopt);
  EXPECT_EQ(error_of(503, "", {{"Retry-After", "-1"}}).retry_after, std::nullopt);
}

TEST(s3_errors, AnErrorWithin200IsNeverASuccessOrAFinalVerdictOfTheStatus) {
  EXPECT_TRUE(is_error_document(" \n" + document("InternalError")));
  EXPECT_FALSE(is_error_document("<CompleteMultipartUploadResult/>"));
  EXPECT_FALSE(is_error_document(""));
  EXPECT_EQ(error_of(200, document("InternalError")).code, ErrorCode::unavailable);
  EXPECT_EQ(error_of(200, document("NeverHeardOf")).code, ErrorCode::unavailable);
  EXPECT_EQ(error_of(200, document("AccessDenied")).code, ErrorCode::permission_denied);
}

TEST(s3_errors, ARegionIsFoundInHeaderAndBody) {
  net::HttpResponse response;
  EXPECT_EQ(read_refusal(400, response,
                         document("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"))
                .region,
            "eu-west-1");
  response.headers.push_back({"x-amz-bucket-region", "ap-south-1"});
  EXPECT_EQ(read_refusal(301, response, "").region, "ap-south-1");
}

}  // namespace
}  // namespace dth::objects::s3
