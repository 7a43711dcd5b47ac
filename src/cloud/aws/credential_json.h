#pragma once

#include "cloud/aws/credentials.h"

namespace dth::aws {

enum class CredentialDialect {
  process,   // Version 1, SessionToken: what a credential_process prints
  metadata,  // Token, and perhaps Code: what containers and instances are given
};

// Reads credentials from JSON; lifetimes are counted from `now`, the giver's clock. data_corrupted
// for what are none, or where they say that they failed; the message begins with `what` and never
// holds any of the text's values.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
Result<CredentialSource::Fetched> parse_credential_json(std::string_view text,
                                                        CredentialDialect dialect, TimePoint now,
                                                        std::string_view what);

// Keys as people keep them in a file or a secret, a JSON object of either shape:
//   {"access_key_id": …, "secret_access_key": …}       and perhaps "session_token"
//   {"AccessKeyId": …, "SecretAccessKey": …}           and perhaps "SessionToken", "Expiration"
// Other fields are passed over. Errors as above.
Result<CredentialSource::Fetched> parse_kept_keys(std::string_view text, TimePoint now,
                                                  std::string_view what);

}  // namespace dth::aws
