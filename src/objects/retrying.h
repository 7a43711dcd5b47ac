#pragma once

#include <cstdint>
#include <memory>

#include "base/retry.h"
#include "objects/object_store.h"

namespace dth::objects {

// A store that repeats what may be repeated, by retry(): the only place where requests to a store
// are tried again.
//
// - check, list, head, get (until the headers are there), get_tags, remove, abort, the listings of
// uploads and parts,
//   create_bucket, copy_part: always.
// - put, upload_part: where the body can be rewound. Else the error goes up to whoever can repeat
// the GET as well.
// - create_upload: only after throttled, which means that nothing was done; else a lost answer
// would leave an upload
//   that nobody knows.
// - complete_upload, copy, conditional puts and removes: as put, but an earlier attempt whose
// answer was lost may have
//   succeeded. Its repetition then answers not_found or precondition_failed, and the message says
//   that the caller has to look.
//
// `retries` counts attempts after the first, of all methods. A GET's body that breaks off is not
// resumed here. Where `outages` are given, a store that is gone is waited for (base/outage.h), also
// by what must not be repeated. The jitter comes from `seed`: give each lane its own. `clock`,
// `retries`, `outages` and a store given by reference must outlive the decorator.
std::unique_ptr<ObjectStore> make_retrying_store(std::unique_ptr<ObjectStore> store, Clock& clock,
                                                 RetryPolicy policy, std::uint64_t& retries,
                                                 std::uint32_t seed = 1,
                                                 Outages* outages = nullptr);
std::unique_ptr<ObjectStore> make_retrying_store(ObjectStore& store, Clock& clock,
                                                 RetryPolicy policy, std::uint64_t& retries,
                                                 std::uint32_t seed = 1,
                                                 Outages* outages = nullptr);

}  // namespace dth::objects
