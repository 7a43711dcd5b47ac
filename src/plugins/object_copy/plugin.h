#pragma once

#include <memory>
#include <string>

#include "engine/plugin.h"
#include "objects/store_opener.h"

namespace dth::object_copy {

using objects::LaneOpener;
using objects::OpenStores;
using objects::StoreOpener;

// `opener` must outlive the plugin. `temporary_directory`: where listings are sorted; on a disk.
std::unique_ptr<engine::Plugin> make_object_copy_plugin(StoreOpener& opener,
                                                        std::string temporary_directory);

}  // namespace dth::object_copy
