#include "plugins/object_copy/copy_options.h"

namespace dth::object_copy {

std::string CopyOptions::destination_key_of(std::string_view key) const {
  if (scope == SourceScope::object) return destination_key;
  return destination_key + std::string(key.substr(source_key.size()));
}

std::string_view CopyOptions::relative_key(std::string_view key) const { return key.substr(source_key.rfind('/') + 1); }

}  // namespace dth::object_copy
