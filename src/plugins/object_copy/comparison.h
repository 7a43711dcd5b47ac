#pragma once

#include <string_view>

#include "objects/object_store.h"

namespace dth::object_copy {

// Are source and destination the same, as far as listings tell? Sizes are equal, and either the ETags are equal, or the
// destination was written after the source was last modified. ETags that differ prove nothing: multipart and KMS objects
// have ETags of their own kind, and would be copied for ever.
bool is_same(const objects::ObjectInfo& source, const objects::ObjectInfo& destination);

// Does this text look like the MD5 of a body: 32 hexadecimal digits and nothing else?
bool is_md5_etag(std::string_view etag);

// Storage classes whose objects cannot be read before they are restored.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
bool is_archived(std::string_view storage_class);

}  // namespace dth::object_copy
