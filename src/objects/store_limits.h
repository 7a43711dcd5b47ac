#pragma once

#include <chrono>
#include <cstdint>

#include "objects/transfer_aid.h"

namespace dth::objects {

// What a store can do, as data: the copier asks these and never which vendor it talks to.
struct StoreLimits {
  std::uint64_t object_size_max = 53'687'091'200'000;  // 48.8 TiB
  std::uint64_t put_size_max = 5ull << 30;             // larger ones must be multipart
  std::uint64_t part_size_min = 5ull << 20;            // but for the last one
  std::uint64_t part_size_max = 5ull << 30;
  std::uint32_t part_count_max = 10'000;
  bool equal_parts_required = false;   // all parts but the last of one size
  std::uint32_t key_size_max = 1'024;  // bytes
  std::uint32_t list_page_max = 1'000;
  bool keys_are_paths =
      false;  // only keys without path_problem() (path_key.h); no key is another's folder
  bool keeps_times = false;    // a write takes the time of what is copied (PutRequest::modified)
  bool keeps_origins = false;  // ObjectInfo::origin is reported for what was written with one
  std::chrono::microseconds time_precision{1};  // of times that are kept
  bool looks_are_local = false;                 // head() costs no request

  bool conditional_put = true;                // If-None-Match: * and If-Match on PutObject
  bool conditional_complete = true;           // and on CompleteMultipartUpload
  bool conditional_remove = true;             // If-Match on DeleteObject
  bool etag_is_md5 = true;                    // of single, unencrypted PUTs
  bool etag_is_never_md5 = false;             // known to be something else, however it looks
  bool multipart_etag_is_md5_of_md5s = true;  // of multipart objects: hex(md5(md5s))-N
  bool enforces_content_md5 = true;
  bool enforces_checksums =
      false;                    // x-amz-checksum-crc64nvme and -crc32c, in headers and at Complete
  bool checks_digests = false;  // known to refuse a body that does not match the digest sent with
                                // it: it is our own code
  bool payload_always_signed = false;  // SHA-256 of each payload is signed
  bool verifies_signed_payload =
      true;  // and a body with another SHA-256 than the signed one is refused
  bool hashed_by_reading =
      false;  // what its objects hold is known by reading them, which costs no transfer
  bool writes_need_digest = false;  // a PUT or part without Content-MD5 or a checksum is refused
  bool checksum_at_complete =
      true;  // where enforces_checksums: also of an upload whose parts come without one each
  bool payload_digest_ahead = false;  // a PUT or part of more than 1 MiB needs its payload_sha256

  bool server_side_copy = true;        // copy(), bound to the source's ETag
  bool server_side_copy_parts = true;  // copy_part(), likewise
  bool copies_as_asked =
      true;  // copy() heeds all properties, and keeps tags when metadata is replaced
  bool conditional_copy = false;             // If-None-Match: * and If-Match on CopyObject
  std::uint64_t copy_size_max = 5ull << 30;  // larger ones are copied in parts
  bool tags = true;                          // kept, counted in answers, and told by get_tags()
  std::uint32_t tag_count_max = 10;
  bool acls = true;  // canned ones
  bool storage_classes = true;
  bool encryption = true;        // what ObjectProperties can ask for
  bool metadata = true;          // is kept; where it is not, copies have none
  bool object_lock = true;       // retention and legal holds
  bool uploads_as_asked = true;  // create_upload() heeds tags and locks
  bool keeps_what_is_sent =
      true;  // headers, metadata and tags, and the object's encoding; false: not known, check it
  bool keeps_names = true;  // every key stays as it is; false: not known of keys that a path would
                            // change or XML cannot hold

  // What holds for a request that leaves these out.
  StoreLimits without(AidSet aids) const {
    StoreLimits limits = *this;
    if (aids.has(TransferAid::checksums)) limits.enforces_checksums = false;
    if (aids.has(TransferAid::chunk_signatures)) limits.payload_digest_ahead = true;
    if (aids.has(TransferAid::precondition))
      limits.conditional_put = limits.conditional_copy = false;
    return limits;
  }
};

}  // namespace dth::objects
