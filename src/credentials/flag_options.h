#pragma once

#include <span>
#include <string>

#include "credentials/credential_ref.h"

namespace dth::credentials {

// The options by which flags name an AWS credential for an endpoint: those of the kinds aws_profile
// and aws_role, `anonymous`, and `credential`, which names a kept one.
std::span<const options::Option> aws_flag_options();

// The reference that these values mean. `owner` ("source"): whose own access key goes first, where
// there is one; otherwise it is the profile, or what AWS's tools use. A role is assumed on top.
// `option_prefix` ("--source-") is for messages. invalid_argument: options that contradict each
// other.
Result<CredentialRef> aws_reference(const options::Values& given, const std::string& owner,
                                    const std::string& option_prefix);

}  // namespace dth::credentials
