#pragma once

#include <memory>

#include "credentials/credential_resolver.h"
#include "objects/store_opener.h"

namespace dth {

// Opens stores of every kind that is built in. `resolver` must outlive it.
std::unique_ptr<objects::StoreOpener> make_builtin_opener(
    credentials::CredentialResolver& resolver);

}  // namespace dth
