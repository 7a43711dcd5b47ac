#include "plugins/object_copy/iam_policy.h"

#include <boost/json.hpp>

#include "base/json_writer.h"

namespace dth::object_copy {
namespace {

namespace json = boost::json;
using Actions = std::vector<std::string_view>;

// Characters that stand for others in a resource's name stand for themselves so.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
std::string literal(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '$') {
      escaped += std::string("${") + c + "}";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// The statements of one policy.
class Policy {
 public:
  explicit Policy(std::string_view partition) : partition_(partition) {}

  std::string bucket_arn(std::string_view bucket) const {
    return "arn:" + partition_ + ":s3:::" + literal(bucket);
  }
  std::string kms_arn(std::string_view key) const {
    if (key.starts_with("arn:")) return literal(key);
    return "arn:" + partition_ + ":kms:*:*:key/" + literal(key);
  }

  void allow(std::string_view id, const Actions& actions, std::vector<std::string> resources,
             json::object condition = {}) {
    if (actions.empty()) return;
    json::object statement;
    statement["Sid"] = id;
    statement["Effect"] = "Allow";
    auto& list = statement["Action"].emplace_array();
    for (const std::string_view action : actions) list.push_back(json::string(action));
    auto& named = statement["Resource"].emplace_array();
    for (std::string& resource : resources) named.push_back(json::string(resource));
    if (!condition.empty()) statement["Condition"] = std::move(condition);
    statements_.push_back(std::move(statement));
  }

  std::string to_json() && {
    json::object policy;
    policy["Version"] = "2012-10-17";
    policy["Statement"] = std::move(statements_);
    return write_json(policy);
  }

 private:
  const std::string partition_;
  json::array statements_;
};

// Listings of names that begin so, one or several.
json::object prefixes_condition(const std::vector<std::string>& prefixes) {
  if (prefixes.size() == 1 && prefixes.front().empty()) return {};
  json::array wanted;
  for (const std::string& prefix : prefixes) wanted.push_back(json::string(literal(prefix) + "*"));
  return {{"StringLike", json::object{{"s3:prefix", std::move(wanted)}}}};
}

std::vector<std::string> objects_of(const Policy& policy, std::string_view bucket,
                                    const std::vector<std::string>& prefixes, bool is_one_object) {
  std::vector<std::string> resources;
  for (const std::string& prefix : prefixes)
    resources.push_back(policy.bucket_arn(bucket) + "/" + literal(prefix) +
                        (is_one_object ? "" : "*"));
  return resources;
}

bool writes(const CopyOptions& options) {
  if (options.dry_run) return false;
  return options.action != options::Action::verify || options.verify.repair;
}

bool names_objects(const CopyOptions& options) {
  return options.scope == SourceScope::object || options.list == SourceList::object_file;
}

// What is read of the source's objects. Versions, because an object that is copied in parts is read
// by its version, where the bucket keeps versions.
Actions source_actions(const CopyOptions& options) {
  Actions actions = {"s3:GetObject", "s3:GetObjectVersion"};
  if (!writes(options)) return actions;
  if (options.at_destination.keeps_tags) {
    actions.push_back("s3:GetObjectTagging");
    actions.push_back("s3:GetObjectVersionTagging");
  }
  if (options.at_destination.lock == LockPolicy::preserve) {
    actions.push_back("s3:GetObjectRetention");
    actions.push_back("s3:GetObjectLegalHold");
  }
  if (options.archived == ArchivedRule::restore) actions.push_back("s3:RestoreObject");
  return actions;
}

// What is done with the destination's objects; they are also read, to compare and to prove.
Actions destination_actions(const CopyOptions& options) {
  Actions actions = {"s3:GetObject"};
  if (!writes(options)) return actions;
  const DestinationOptions& wanted = options.at_destination;
  for (const char* action :
       {"s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"})
    actions.push_back(action);
  if (options.action == options::Action::sync) actions.push_back("s3:DeleteObject");
  if (wanted.keeps_tags || !wanted.tags.empty()) {
    actions.push_back("s3:PutObjectTagging");
    actions.push_back("s3:GetObjectTagging");
  }
  if (!wanted.canned_acl.empty()) actions.push_back("s3:PutObjectAcl");
  const bool locks = wanted.lock != LockPolicy::none;
  if (locks) actions.push_back("s3:PutObjectRetention");
  if (wanted.legal_hold || wanted.lock == LockPolicy::preserve)
    actions.push_back("s3:PutObjectLegalHold");
  return actions;
}

std::vector<std::string> source_prefixes(const CopyOptions& options) {
  if (options.list == SourceList::prefixes) return options.prefixes;
  return {options.source_key};
}

std::string source_policy(const ObjectCopyTask& task, Policy policy) {
  const CopyOptions& options = task.options();
  const std::string& bucket = task.source().bucket;
  const auto prefixes = source_prefixes(options);
  if (!names_objects(options)) {
    policy.allow("List", {"s3:ListBucket"}, {policy.bucket_arn(bucket)},
                 prefixes_condition(prefixes));
  }
  policy.allow("Read", source_actions(options),
               objects_of(policy, bucket, prefixes, options.scope == SourceScope::object));
  if (const std::string& list = options.list_location; list.starts_with("s3://")) {
    const std::string place = list.substr(5);
    const std::size_t slash = std::min(place.find('/'), place.size());
    policy.allow("ReadList", {"s3:GetObject"},
                 {policy.bucket_arn(place.substr(0, slash)) + literal(place.substr(slash))});
  }
  return std::move(policy).to_json();
}

// Encryption with a key that is named. S3's own key needs no permission.
void allow_kms(const DestinationOptions& wanted, Policy* policy) {
  if (wanted.encryption != objects::Encryption::sse_kms || wanted.kms_key_id.empty()) return;
  const Actions actions = {"kms:GenerateDataKey", "kms:Decrypt"};
  const std::string& key = wanted.kms_key_id;
  const std::size_t alias = key.find("alias/");
  if (alias == std::string::npos) return policy->allow("Encrypt", actions, {policy->kms_arn(key)});
  json::object names{{"kms:ResourceAliases", json::array{json::string(key.substr(alias))}}};
  policy->allow("Encrypt", actions, {"*"}, {{"ForAnyValue:StringEquals", std::move(names)}});
}

std::string destination_policy(const ObjectCopyTask& task, Policy policy) {
  const CopyOptions& options = task.options();
  const std::string& bucket = task.destination().bucket;
  const std::vector<std::string> prefixes = {options.destination_key};
  const bool is_one_object = options.scope == SourceScope::object;
  policy.allow("List", {"s3:ListBucket"}, {policy.bucket_arn(bucket)},
               prefixes_condition(prefixes));
  Actions of_bucket;
  if (writes(options)) of_bucket.push_back("s3:ListBucketMultipartUploads");
  if (writes(options) && options.at_destination.create_bucket) {
    of_bucket.push_back("s3:CreateBucket");
    if (options.at_destination.lock != LockPolicy::none)
      of_bucket.push_back("s3:PutBucketObjectLockConfiguration");
  }
  policy.allow("Bucket", of_bucket, {policy.bucket_arn(bucket)});
  policy.allow(writes(options) ? "Write" : "Read", destination_actions(options),
               objects_of(policy, bucket, prefixes, is_one_object));
  if (writes(options)) allow_kms(options.at_destination, &policy);
  return std::move(policy).to_json();
}

}  // namespace

std::string iam_policy(const ObjectCopyTask& task, engine::Side side, std::string_view partition) {
  Policy policy(partition);
  return side == engine::Side::source ? source_policy(task, std::move(policy))
                                      : destination_policy(task, std::move(policy));
}

}  // namespace dth::object_copy
