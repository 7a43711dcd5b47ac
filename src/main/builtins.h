#pragma once

#include <memory>

#include "plugins/object_copy/plugin.h"

namespace dth {

// Opens stores of every kind that is built in: the scheme of a location decides.
std::unique_ptr<object_copy::StoreOpener> make_builtin_opener();

}  // namespace dth
