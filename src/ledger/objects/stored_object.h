#pragma once

#include <string>

#include "objects/object_store.h"

namespace dth::ledger {

// Objects of a ledger: written whole, once, and with evidence.

struct NewObject {
  std::string key = {};
  std::string bytes = {};
  std::string content_type = {};
  std::string replaces = {};  // the ETag of the object that is replaced; empty: none may be
};

// Stores it, and succeeds only where the store holds exactly these bytes: by a digest that it
// confirmed, or as read back. Idempotent: what an earlier attempt stored is found. `store` and
// `object` outlive the call. Errors: already_exists (the key holds other bytes, which stay), those
// of the store.
Async<Result<void>> store_object(objects::ObjectStore* store, const NewObject* object);

struct ReadRange {
  std::string key = {};
  std::uint64_t offset = 0;  // below the object's size, or 0
  std::uint64_t length_max = 0;
  std::string etag = {};  // empty: whichever is there
};

struct ReadBytes {
  std::string bytes = {};
  std::uint64_t size = 0;  // of the whole object
  std::string etag = {};
};

// As many bytes of the range as there are. Errors: those of the store: not_found,
// precondition_failed (another object is there).
Async<Result<ReadBytes>> read_object(objects::ObjectStore* store, ReadRange range);

}  // namespace dth::ledger
