#pragma once

#include "credentials/credential_resolver.h"
#include "objects/store_kind.h"

namespace dth::objects {

// S3 buckets. `resolver` finds who signs, the password of a proxy, customers' keys (SSE-C), and
// region and authorities where an endpoint does not name them; it must outlive the kind.
std::unique_ptr<StoreKind> make_s3_kind(credentials::CredentialResolver& resolver);

}  // namespace dth::objects
