#include "plugins/object_copy/copy_options.h"

namespace dth::object_copy {

std::string CopyOptions::destination_key_of(std::string_view key) const {
  if (scope == SourceScope::object) return destination_key;
  return destination_key + std::string(key.substr(source_key.size()));
}

std::string_view CopyOptions::relative_key(std::string_view key) const {
  return key.substr(source_key.rfind('/') + 1);
}

std::function<bool(std::string_view)> CopyOptions::left_out_folders(
    const std::string& own_key) const {
  if (selection.takes_every_key()) return {};
  return [this, own_key](std::string_view folder) {
    if (!folder.starts_with(own_key)) return false;
    const std::string source_folder = source_key + std::string(folder.substr(own_key.size()));
    return selection.leaves_out_folder(relative_key(source_folder));
  };
}

}  // namespace dth::object_copy
