#pragma once

#include <optional>
#include <string>

#include "objects/object_store.h"
#include "plugins/object_copy/rules/proof.h"

namespace dth::object_copy {

// What the destination must give of an object, or of a part of it, that was just written.
struct ReadBack {
  std::string key;
  std::string etag = {};  // as the destination answered it; empty: none
  std::uint64_t object_size = 0;
  std::optional<objects::ByteRange> range = {};  // none: all of it
  SentDigest sent;
};

// Reads it and compares: one GET. data_corrupted where size or bytes are others.
Async<Result<Proof>> read_back(objects::ObjectStore* store, ReadBack expected);

}  // namespace dth::object_copy
