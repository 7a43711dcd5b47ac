#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace dth::objects {

// The methods of ObjectStore, by name: for plans of faults, counters and hooks.
enum class StoreOperation {
  check,
  list,
  head,
  get,
  put,
  remove,
  create_upload,
  upload_part,
  complete_upload,
  abort_upload,
  list_uploads,
  list_parts,
  copy,
  copy_part,
  get_tags,
  create_bucket,
  restore,
};

inline constexpr std::size_t store_operation_count = 17;

inline std::string_view to_string(StoreOperation operation) {
  constexpr std::array<std::string_view, store_operation_count> names = {
      "check",         "list",         "head",
      "get",           "put",          "remove",
      "create_upload", "upload_part",  "complete_upload",
      "abort_upload",  "list_uploads", "list_parts",
      "copy",          "copy_part",    "get_tags",
      "create_bucket", "restore",
  };
  return names.at(static_cast<std::size_t>(operation));
}

}  // namespace dth::objects
