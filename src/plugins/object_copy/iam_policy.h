#pragma once

#include <string>
#include <string_view>

#include "engine/plugin.h"
#include "plugins/object_copy/task.h"

namespace dth::object_copy {

// What a task needs to be allowed at one side, and nothing more: a policy of AWS's IAM, which
// other stores understand as well. `partition`: of its ARNs, "aws-cn". Pure. The policy's one
// uncertainty is in its text: objects that the source encrypted with a KMS key need kms:Decrypt on
// that key, which no option names.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
std::string iam_policy(const ObjectCopyTask& task, engine::Side side, std::string_view partition);

}  // namespace dth::object_copy
