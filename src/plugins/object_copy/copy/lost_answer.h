#pragma once

#include <optional>
#include <string>

#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/rules/proof.h"

namespace dth::object_copy {

// What is known of a write whose request went out whole and whose answer never came.
struct LostWrite {
  std::uint64_t size = 0;
  Digest md5 = {};                // of what was sent; empty: not known
  std::string crc64nvme = {};     // the same, in S3's text form
  std::string parts_etag = {};    // that S3 would give to an object of these parts
  bool gives_parts_etag = false;  // and this store is known to give it
  // Of the object that the write was to replace; empty: there was none; nothing: there was one, and
  // its ETag is not known.
  std::optional<std::string> etag_before = "";
};

// Is the object that is there now what was sent? The proof that it is; nothing where that does not
// show, which is no proof of the contrary. An object under the ETag of the one that was to be
// replaced may be that one still.
std::optional<Proof> recognise(const LostWrite& write, const objects::ObjectHead& present);

std::optional<std::string> etag_before(const Item& item);

// What became of an upload.
struct CompletedUpload {
  objects::PutResult answer;
  // False: an object of its size was found where it should be, and nothing shows that it is this
  // one. The upload may still be open.
  bool is_known = true;
};

// Is it what an upload of ours became, as far as can be told? Known by size alone where nothing
// else tells, which is enough not to send all parts again, and proves nothing. Only for an upload
// that was sent to be completed.
bool may_be_ours(const LostWrite& write, const objects::ObjectHead& present);

}  // namespace dth::object_copy
