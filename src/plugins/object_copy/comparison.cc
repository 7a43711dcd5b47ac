#include "plugins/object_copy/comparison.h"

#include <algorithm>

namespace dth::object_copy {

bool is_same(const objects::ObjectInfo& source, const objects::ObjectInfo& destination) {
  if (source.size != destination.size) return false;
  if (!source.etag.empty() && source.etag == destination.etag) return true;
  return destination.written_at() > source.written_at();
}

bool is_md5_etag(std::string_view etag) {
  return etag.size() == 32 && std::all_of(etag.begin(), etag.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

bool is_archived(std::string_view storage_class) { return storage_class == "GLACIER" || storage_class == "DEEP_ARCHIVE"; }

}  // namespace dth::object_copy
