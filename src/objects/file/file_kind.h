#pragma once

#include "objects/store_kind.h"

namespace dth::objects {

// Directories. An endpoint of theirs has no options.
std::unique_ptr<StoreKind> make_file_kind();

}  // namespace dth::objects
