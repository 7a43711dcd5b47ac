#pragma once

#include "cloud/aws/sts.h"

namespace dth::aws {

// Who the caller is: an ARN. A clock that STS does not agree with is learnt from its answer. Errors
// are those of sts_refusal() and of asking; they never hold a secret.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
Async<Result<std::string>> ask_caller_identity(IdentityServices services,
                                               std::shared_ptr<const Credentials> caller,
                                               StsPlace sts);

}  // namespace dth::aws
