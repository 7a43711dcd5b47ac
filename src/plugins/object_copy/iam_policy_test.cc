#include "plugins/object_copy/iam_policy.h"

#include <gmock/gmock.h>

#include "base/json_reader.h"
#include "plugins/object_copy/testing/scripted_kinds.h"

namespace dth::object_copy {
namespace {

using options::Action;
using ::testing::HasSubstr;
using ::testing::Not;

class IamPolicyTest : public ::testing::Test {
 protected:
  std::string policy(engine::Side side, options::Values options = {}, Action action = Action::copy,
                     std::string_view partition = "aws") {
    options.emplace("source", "s3://from/in/");
    options.emplace("destination", "s3://into/out/");
    engine::TaskSpec spec;
    spec.action = action;
    spec.options = std::move(options);
    auto task = parse_task(std::move(spec), TimePoint{}, table);
    if (task.has_error()) {
      ADD_FAILURE() << task.error().to_string();
      return "";
    }
    return iam_policy(**task, side, partition);
  }
  std::string source(options::Values options = {}, Action action = Action::copy) {
    return policy(engine::Side::source, std::move(options), action);
  }
  std::string destination(options::Values options = {}, Action action = Action::copy) {
    return policy(engine::Side::destination, std::move(options), action);
  }

  std::vector<std::unique_ptr<objects::StoreKind>> kinds = testing::scripted_kinds();
  OptionTable table{kinds};
};

TEST_F(IamPolicyTest, PlainCopyReadsOneSideAndWritesTheOther) {
  EXPECT_EQ(
      source(),
      R"({"Version":"2012-10-17","Statement":[{"Sid":"List","Effect":"Allow","Action":["s3:ListBucket"],)"
      R"("Resource":["arn:aws:s3:::from"],"Condition":{"StringLike":{"s3:prefix":["in/*"]}}},)"
      R"({"Sid":"Read","Effect":"Allow","Action":["s3:GetObject","s3:GetObjectVersion"],)"
      R"("Resource":["arn:aws:s3:::from/in/*"]}]})");
  EXPECT_EQ(
      destination(),
      R"({"Version":"2012-10-17","Statement":[{"Sid":"List","Effect":"Allow","Action":["s3:ListBucket"],)"
      R"("Resource":["arn:aws:s3:::into"],"Condition":{"StringLike":{"s3:prefix":["out/*"]}}},)"
      R"({"Sid":"Bucket","Effect":"Allow","Action":["s3:ListBucketMultipartUploads"],)"
      R"("Resource":["arn:aws:s3:::into"]},{"Sid":"Write","Effect":"Allow","Action":["s3:GetObject",)"
      R"("s3:PutObject","s3:AbortMultipartUpload","s3:ListMultipartUploadParts"],)"
      R"("Resource":["arn:aws:s3:::into/out/*"]}]})");
}

TEST_F(IamPolicyTest, ArnsAreOfThePartition) {
  for (const std::string partition :
       {"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b"}) {
    const std::string text =
        policy(engine::Side::destination, {{"encryption", "sse-kms"}, {"kms-key-id", "1234abcd"}},
               Action::copy, partition);
    EXPECT_THAT(text, HasSubstr("arn:" + partition + ":s3:::into/out/*"));
    EXPECT_THAT(text, HasSubstr("arn:" + partition + ":kms:*:*:key/1234abcd"));
  }
}

// What an option needs is there with it, and not without.
TEST_F(IamPolicyTest, ActionsAreThoseThatTheOptionsNeed) {
  struct Row {
    engine::Side side;
    const char* action;
    options::Values options;
    Action of = Action::copy;
  };
  const Row rows[] = {
      {engine::Side::destination, "s3:DeleteObject", {}, Action::sync},
      {engine::Side::source, "s3:GetObjectTagging", {{"tags", "preserve"}}},
      {engine::Side::destination, "s3:PutObjectTagging", {{"tags", "preserve"}}},
      {engine::Side::destination, "s3:PutObjectAcl", {{"acl", "bucket-owner-full-control"}}},
      {engine::Side::destination, "s3:CreateBucket", {{"create-bucket", "true"}}},
      {engine::Side::source, "s3:RestoreObject", {{"archived", "restore"}}},
      {engine::Side::destination,
       "kms:GenerateDataKey",
       {{"encryption", "sse-kms"}, {"kms-key-id", "arn:aws:kms:us-east-1:1:key/k"}}},
  };
  for (const Row& row : rows) {
    EXPECT_THAT(policy(row.side, row.options, row.of), HasSubstr(row.action)) << row.action;
    EXPECT_THAT(policy(row.side), Not(HasSubstr(row.action))) << row.action;
  }
}

TEST_F(IamPolicyTest, VerifyingWritesNothingUnlessItRepairs) {
  EXPECT_THAT(destination({}, Action::verify), Not(HasSubstr("Put")));
  EXPECT_THAT(destination({}, Action::verify), HasSubstr("s3:GetObject"));
  EXPECT_THAT(destination({{"repair", "true"}}, Action::verify), HasSubstr("s3:PutObject"));
  EXPECT_THAT(destination({{"dry-run", "true"}}), Not(HasSubstr("Put")));
}

TEST_F(IamPolicyTest, NamesAreLiteral) {
  const std::string text = source({{"source", "s3://from/a*b?c$/"}});
  EXPECT_THAT(text, HasSubstr("arn:aws:s3:::from/a${*}b${?}c${$}/*"));
  EXPECT_THAT(source({{"source", "s3://from"}}), Not(HasSubstr("Condition")));
}

TEST_F(IamPolicyTest, AliasOfAKeyIsACondition) {
  const std::string text = destination({{"encryption", "sse-kms"}, {"kms-key-id", "alias/mine"}});
  EXPECT_THAT(text,
              HasSubstr(R"({"ForAnyValue:StringEquals":{"kms:ResourceAliases":["alias/mine"]}})"));
}

TEST_F(IamPolicyTest, EachIsADocumentOfJson) {
  for (const engine::Side side : {engine::Side::source, engine::Side::destination})
    EXPECT_TRUE(parse_json(policy(side), "policy").has_value());
}

}  // namespace
}  // namespace dth::object_copy
